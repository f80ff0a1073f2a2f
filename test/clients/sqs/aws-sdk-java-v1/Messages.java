import com.amazonaws.services.sqs.model.MessageAttributeValue;
import com.amazonaws.services.sqs.model.MessageSystemAttributeValue;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One message at a time. The SDK verifies the digests of bodies and attributes by itself. */
final class Messages {
  private static final byte[] RAW = {0, (byte) 137, (byte) 255};

  private final Queues queues;

  Messages(Queues queues) {
    this.queues = queues;
  }

  @Case("a message with attributes goes, comes back after a visibility of nought, and is deleted")
  void oneMessage() {
    var url = queues.make();
    var attributes = Map.of(
        "city", new MessageAttributeValue().withDataType("String").withStringValue("Zürich 😀"),
        "price", new MessageAttributeValue().withDataType("Number.java.lang.Double").withStringValue("1.50"),
        "raw", new MessageAttributeValue().withDataType("Binary.png").withBinaryValue(ByteBuffer.wrap(RAW)));
    var body = "line 1\r\nline 2 \"quoted\" 😀 \\ <&> \t";

    queues.sqs.sendMessage(new SendMessageRequest(url, body).withMessageAttributes(attributes));
    var message = queues.receiveOne(url);
    queues.sqs.changeMessageVisibility(url, message.getReceiptHandle(), 0);
    var again = queues.receiveOne(url);
    queues.delete(url, again);

    Check.equal(message.getBody(), body);
    Check.equal(message.getMessageAttributes(), attributes);
    Check.equal(message.getMessageId(), again.getMessageId());
    Check.equal(again.getAttributes().get("ApproximateReceiveCount"), "2");
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("the trace header comes with the message")
  void traceHeader() {
    var url = queues.make();
    var header = new MessageSystemAttributeValue().withDataType("String").withStringValue("Root=1-5e3d83c1-e6a0db58");

    queues.sqs.sendMessage(
        new SendMessageRequest(url, "traced").addMessageSystemAttributesEntry("AWSTraceHeader", header));

    Check.equal(queues.receiveOne(url).getAttributes().get("AWSTraceHeader"), "Root=1-5e3d83c1-e6a0db58");
  }

  @Case("one mebibyte passes")
  void oneMebibyte() {
    var url = queues.make();
    var body = "中".repeat(349_525) + "x";

    queues.sqs.sendMessage(url, body);

    Check.that(queues.receiveOne(url).getBody().equals(body), "the body is the same");
  }

  @Case("a long poll ends with the message that is sent while it waits")
  void longPoll() throws Exception {
    var url = queues.make();
    var start = Instant.now();
    var waiting = CompletableFuture.supplyAsync(() -> queues.receive(url, 10, 20));
    queues.counts(url); // One turn for the poll.

    queues.sqs.sendMessage(url, "wake up");

    Check.equal(Queues.bodies(waiting.get()), List.of("wake up"));
    Check.that(Duration.between(start, Instant.now()).toSeconds() < 10, "the poll ended with the message");
  }

  @Case("a long poll that finds nothing ends after its time with no messages")
  void emptyPoll() {
    var url = queues.make(Map.of("ReceiveMessageWaitTimeSeconds", "1"));
    var start = Instant.now();

    Check.equal(queues.sqs.receiveMessage(url).getMessages(), List.of());
    Check.that(Duration.between(start, Instant.now()).toMillis() >= 900, "it waited for its second");
  }

  @Case("a delayed message, and one whose lease ended, come to a poll that waits for them")
  void delayAndLease() {
    var url = queues.make(Map.of("VisibilityTimeout", "1"));

    queues.sqs.sendMessage(new SendMessageRequest(url, "later").withDelaySeconds(1));

    Check.equal(queues.receive(url, 1, 0), List.of());
    var first = queues.receiveOne(url);
    var second = queues.receiveOne(url);
    Check.equal(first.getMessageId(), second.getMessageId());
    Check.that(!first.getReceiptHandle().equals(second.getReceiptHandle()), "each delivery has its own receipt");
  }
}
