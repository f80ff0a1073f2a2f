import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** One message at a time, with the client that waits. */
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
        "city", MessageAttributeValue.builder().dataType("String").stringValue("Zürich 😀").build(),
        "price", MessageAttributeValue.builder().dataType("Number.java.lang.Double").stringValue("1.50").build(),
        "raw", MessageAttributeValue.builder().dataType("Binary.png").binaryValue(SdkBytes.fromByteArray(RAW)).build());
    var body = "line 1\r\nline 2 \"quoted\" 😀 \\ <&> \t";

    queues.sqs.sendMessage(send -> send.queueUrl(url).messageBody(body).messageAttributes(attributes));
    var message = queues.receiveOne(url);
    queues.sqs.changeMessageVisibility(
        change -> change.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
    var again = queues.receiveOne(url);
    queues.delete(url, again);

    Check.equal(message.body(), body);
    Check.equal(message.messageAttributes(), attributes);
    Check.equal(message.messageId(), again.messageId());
    Check.equal(again.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT), "2");
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("the trace header comes with the message")
  void traceHeader() {
    var url = queues.make();
    var header = MessageSystemAttributeValue.builder().dataType("String").stringValue("Root=1-5e3d83c1-e6a0db584850d61342823d4c");

    queues.sqs.sendMessage(send -> send.queueUrl(url).messageBody("traced")
        .messageSystemAttributes(Map.of(MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, header.build())));

    var found = queues.receiveOne(url).attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER);
    Check.equal(found, "Root=1-5e3d83c1-e6a0db584850d61342823d4c");
  }

  @Case("one mebibyte passes")
  void oneMebibyte() {
    var url = queues.make();
    var body = "中".repeat(349_525) + "x";

    queues.send(url, body);

    Check.that(queues.receiveOne(url).body().equals(body), "the body is the same");
  }

  @Case("a long poll ends with the message that is sent while it waits")
  void longPoll() throws Exception {
    var url = queues.make();
    var start = Instant.now();
    var waiting = CompletableFuture.supplyAsync(() -> queues.receive(url, 10, 20));
    queues.counts(url); // One turn for the poll.

    queues.send(url, "wake up");

    Check.equal(Queues.bodies(waiting.get()), List.of("wake up"));
    Check.that(Duration.between(start, Instant.now()).toSeconds() < 10, "the poll ended with the message");
  }

  @Case("a long poll that finds nothing ends after its time with no messages")
  void emptyPoll() {
    var url = queues.make(Map.of(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "1"));
    var start = Instant.now();

    var received = queues.sqs.receiveMessage(receive -> receive.queueUrl(url));

    Check.equal(received.hasMessages(), false);
    Check.that(Duration.between(start, Instant.now()).toMillis() >= 900, "it waited for its second");
  }

  @Case("a delayed message, and one whose lease ended, come to a poll that waits for them")
  void delayAndLease() {
    var url = queues.make(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1"));

    queues.sqs.sendMessage(send -> send.queueUrl(url).messageBody("later").delaySeconds(1));

    Check.equal(queues.receive(url, 1, 0), List.of());
    var first = queues.receiveOne(url);
    var second = queues.receiveOne(url);
    Check.equal(first.messageId(), second.messageId());
    Check.that(!first.receiptHandle().equals(second.receiptHandle()), "each delivery has a receipt of its own");
  }

  @Case("the SDK would notice a body that is not the one its digest is of")
  void digestsAreChecked() {
    var url = queues.make();
    try (var misled = misledClient()) {
      Check.fails(SdkClientException.class, () -> misled.sendMessage(send -> send.queueUrl(url).messageBody("x")));
    }
  }

  /** A client whose own interceptor, which sees the answer before the SDK's, puts a digest of something else in. */
  private SqsClient misledClient() {
    var mislead = new ExecutionInterceptor() {
      @Override
      public SdkResponse modifyResponse(
          Context.ModifyResponse context, ExecutionAttributes attributes) {
        var answer = (SendMessageResponse) context.response();
        return answer.toBuilder().md5OfMessageBody("0".repeat(32)).build();
      }
    };
    return Queues.configured(SqsClient.builder(), queues.endpoint)
        .overrideConfiguration(override -> override.addExecutionInterceptor(mislead))
        .build();
  }
}
