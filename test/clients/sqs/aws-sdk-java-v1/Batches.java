import com.amazonaws.services.sqs.model.BatchEntryIdsNotDistinctException;
import com.amazonaws.services.sqs.model.BatchResultErrorEntry;
import com.amazonaws.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import com.amazonaws.services.sqs.model.DeleteMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.EmptyBatchRequestException;
import com.amazonaws.services.sqs.model.InvalidBatchEntryIdException;
import com.amazonaws.services.sqs.model.SendMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.TooManyEntriesInBatchRequestException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The three operations that take up to ten entries. */
final class Batches {
  private final Queues queues;

  Batches(Queues queues) {
    this.queues = queues;
  }

  @Case("ten messages go in one request, come in one, and are deleted in one")
  void tenAtOnce() {
    var url = queues.make();
    var entries = IntStream.range(0, 10)
        .mapToObj(index -> new SendMessageBatchRequestEntry("id-" + index, "body " + index)).toList();

    var sent = queues.sqs.sendMessageBatch(url, entries);
    var messages = queues.receive(url, 10, 5);
    var changed = queues.sqs.changeMessageVisibilityBatch(url, messages.stream()
        .map(message -> new ChangeMessageVisibilityBatchRequestEntry(message.getMessageId(), message.getReceiptHandle())
            .withVisibilityTimeout(60))
        .toList());
    var deleted = queues.sqs.deleteMessageBatch(url, messages.stream()
        .map(message -> new DeleteMessageBatchRequestEntry(message.getMessageId(), message.getReceiptHandle()))
        .toList());

    Check.equal(
        sent.getSuccessful().stream().map(row -> row.getId()).toList(),
        entries.stream().map(row -> row.getId()).toList());
    Check.equal(messages.size(), 10);
    Check.equal(List.of(changed.getSuccessful().size(), deleted.getSuccessful().size()), List.of(10, 10));
    Check.equal(List.of(changed.getFailed(), deleted.getFailed()), List.of(List.of(), List.of()));
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("a bad entry fails alone")
  void badEntries() {
    var url = queues.make();

    var sent = queues.sqs.sendMessageBatch(url, List.of(
        new SendMessageBatchRequestEntry("good", "a"), new SendMessageBatchRequestEntry("bad", "\u0001")));
    var message = queues.receiveOne(url);
    var deleted = queues.sqs.deleteMessageBatch(url, List.of(
        new DeleteMessageBatchRequestEntry("good", message.getReceiptHandle()),
        new DeleteMessageBatchRequestEntry("bad", "garbage")));

    Check.equal(failures(sent.getFailed()), List.of("bad InvalidMessageContents true"));
    Check.equal(failures(deleted.getFailed()), List.of("bad ReceiptHandleIsInvalid true"));
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("a batch as a whole is refused with the SDK's own exceptions")
  void wholeBatches() {
    var url = queues.make();

    Check.fails(EmptyBatchRequestException.class, () -> sendAll(url, Stream.of()));
    Check.fails(BatchEntryIdsNotDistinctException.class, () -> sendAll(url, Stream.of("a", "b", "a")));
    Check.fails(InvalidBatchEntryIdException.class, () -> sendAll(url, Stream.of("a b")));
    var tooMany = Check.fails(
        TooManyEntriesInBatchRequestException.class,
        () -> sendAll(url, IntStream.range(0, 11).mapToObj(Integer::toString)));
    Check.equal(tooMany.getErrorMessage(), "Maximum number of entries per request are 10. You have sent 11.");
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  private void sendAll(String url, Stream<String> ids) {
    queues.sqs.sendMessageBatch(url, ids.map(id -> new SendMessageBatchRequestEntry(id, "x")).toList());
  }

  private static List<String> failures(List<BatchResultErrorEntry> failed) {
    return failed.stream().map(row -> row.getId() + " " + row.getCode() + " " + row.getSenderFault()).toList();
  }
}
