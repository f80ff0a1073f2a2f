import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** The three operations that take up to ten entries. */
final class Batches {
  private final Queues queues;

  Batches(Queues queues) {
    this.queues = queues;
  }

  @Case("ten messages go in one request, come in one, and are deleted in one")
  void tenAtOnce() {
    var url = queues.make();
    var entries = IntStream.range(0, 10).mapToObj(index -> entry("id-" + index, "body " + index)).toList();

    var sent = queues.sqs.sendMessageBatch(send -> send.queueUrl(url).entries(entries));
    var messages = queues.receive(url, 10, 5);
    var changed = queues.sqs.changeMessageVisibilityBatch(change -> change.queueUrl(url).entries(
        messages.stream()
            .map(message -> ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(message.messageId()).receiptHandle(message.receiptHandle()).visibilityTimeout(60).build())
            .toList()));
    var deleted = queues.sqs.deleteMessageBatch(delete -> delete.queueUrl(url).entries(
        messages.stream().map(message -> deletion(message.messageId(), message.receiptHandle())).toList()));

    Check.equal(sent.successful().stream().map(row -> row.id()).toList(), entries.stream().map(row -> row.id()).toList());
    Check.equal(messages.size(), 10);
    Check.equal(List.of(changed.successful().size(), deleted.successful().size()), List.of(10, 10));
    Check.equal(List.of(changed.hasFailed(), deleted.hasFailed()), List.of(false, false));
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("a bad entry fails alone")
  void badEntries() {
    var url = queues.make();

    var sent = queues.sqs.sendMessageBatch(send -> send.queueUrl(url).entries(entry("good", "a"), entry("bad", "\u0001")));
    var message = queues.receiveOne(url);
    var deleted = queues.sqs.deleteMessageBatch(delete -> delete.queueUrl(url)
        .entries(deletion("good", message.receiptHandle()), deletion("bad", "garbage")));

    Check.equal(failures(sent.failed()), List.of("bad InvalidMessageContents true"));
    Check.equal(failures(deleted.failed()), List.of("bad ReceiptHandleIsInvalid true"));
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
    Check.equal(
        tooMany.awsErrorDetails().errorMessage(), "Maximum number of entries per request are 10. You have sent 11.");
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  private void sendAll(String url, Stream<String> ids) {
    queues.sqs.sendMessageBatch(send -> send.queueUrl(url).entries(ids.map(id -> entry(id, "x")).toList()));
  }

  private static SendMessageBatchRequestEntry entry(String id, String body) {
    return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
  }

  private static DeleteMessageBatchRequestEntry deletion(String id, String receipt) {
    return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(receipt).build();
  }

  private static List<String> failures(List<BatchResultErrorEntry> failed) {
    return failed.stream().map(row -> row.id() + " " + row.code() + " " + row.senderFault()).toList();
  }
}
