import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The SDK's own gathering of single calls into batches, which fetches messages ahead as well. */
final class BatchManager implements AutoCloseable {
  private final Queues queues;
  private final SqsAsyncBatchManager manager;

  BatchManager(Queues queues) {
    this.queues = queues;
    this.manager = SqsAsyncBatchManager.builder()
        .client(queues.asyncSqs)
        .scheduledExecutor(Executors.newScheduledThreadPool(2))
        .overrideConfiguration(override -> override
            .sendRequestFrequency(Duration.ofMillis(50)).receiveMessageMinWaitDuration(Duration.ofMillis(200)))
        .build();
  }

  @Case("single sends, receives, changes of visibility and deletes travel as batches")
  void everyOperation() {
    var url = queues.make();
    var bodies = IntStream.range(0, 25).mapToObj(index -> "body " + index).collect(Collectors.toSet());

    var sent = bodies.stream()
        .map(body -> manager.sendMessage(send -> send.queueUrl(url).messageBody(body))).toList();
    sent.forEach(CompletableFuture::join);
    var seen = new HashSet<String>();
    while (seen.size() < bodies.size()) {
      var messages = manager.receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10)).join().messages();
      messages.stream().map(Message::body).forEach(seen::add);
      messages.stream().map(message -> keep(url, message)).toList().forEach(CompletableFuture::join);
      messages.stream().map(message -> delete(url, message)).toList().forEach(CompletableFuture::join);
    }

    Check.equal(seen, bodies);
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("a message that is refused fails alone")
  void refusedAlone() {
    var url = queues.make();

    var good = manager.sendMessage(send -> send.queueUrl(url).messageBody("good"));
    var bad = manager.sendMessage(send -> send.queueUrl(url).messageBody("\u0001"));

    Check.that(good.join().messageId() != null, "the good one is stored");
    var refused = Check.fails(SqsException.class, bad::join);
    Check.equal(refused.awsErrorDetails().errorCode(), "InvalidMessageContents");
  }

  private CompletableFuture<?> keep(String url, Message message) {
    return manager.changeMessageVisibility(
        change -> change.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(60));
  }

  private CompletableFuture<?> delete(String url, Message message) {
    return manager.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
  }

  @Override
  public void close() {
    manager.close();
  }
}
