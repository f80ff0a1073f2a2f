import com.amazonaws.services.sqs.buffered.AmazonSQSBufferedAsyncClient;
import com.amazonaws.services.sqs.buffered.QueueBufferConfig;
import com.amazonaws.services.sqs.model.DeleteMessageRequest;
import com.amazonaws.services.sqs.model.Message;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The SDK's own gathering of single calls into batches, which fetches messages ahead as well. It is not shut down: then
 * the fetching complains of it.
 */
final class Buffered {
  private final Queues queues;
  private final AmazonSQSBufferedAsyncClient buffered;

  Buffered(Queues queues) {
    this.queues = queues;
    var config = new QueueBufferConfig().withMaxBatchOpenMs(50).withLongPollWaitTimeoutSeconds(1);
    buffered = new AmazonSQSBufferedAsyncClient(queues.sqs, config);
  }

  @Case("single sends, receives and deletes travel as batches")
  void everyOperation() throws Exception {
    var url = queues.make();
    var bodies = IntStream.range(0, 25).mapToObj(index -> "body " + index).collect(Collectors.toSet());

    for (var sent : bodies.stream().map(body -> buffered.sendMessageAsync(new SendMessageRequest(url, body))).toList()) {
      sent.get();
    }
    var seen = new HashSet<String>();
    while (seen.size() < bodies.size()) {
      for (var message : buffered.receiveMessage(new ReceiveMessageRequest(url).withMaxNumberOfMessages(10)).getMessages()) {
        seen.add(message.getBody());
        buffered.deleteMessageAsync(new DeleteMessageRequest(url, message.getReceiptHandle())).get();
      }
    }

    Check.equal(seen, bodies);
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("a message that is refused fails alone")
  void refusedAlone() throws Exception {
    var url = queues.make();

    var good = buffered.sendMessageAsync(new SendMessageRequest(url, "good"));
    var bad = buffered.sendMessageAsync(new SendMessageRequest(url, "\u0001"));

    Check.that(good.get().getMessageId() != null, "the good one is stored");
    Check.fails(ExecutionException.class, bad::get);
    Check.equal(queues.receive(url, 10, 5).stream().map(Message::getBody).toList(), List.of("good"));
  }
}
