import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.model.AmazonSQSException;
import com.amazonaws.services.sqs.model.MessageAttributeValue;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import java.util.List;
import java.util.Map;

/** The SDK's signatures, verified. */
final class Users implements AutoCloseable {
  private final RunningBroker broker = RunningBroker.start(Keys.CONFIG);

  @Case("what the SDK signs is let in, small and large")
  void signed() {
    var sqs = client(Keys.OPERATOR);
    var url = sqs.createQueue("life").getQueueUrl();
    var attributes = Map.of("city", new MessageAttributeValue().withDataType("String").withStringValue("Zürich 😀"));
    for (var body : List.of("é 😀 a+b %20", "x".repeat(600_000))) {
      sqs.sendMessage(new SendMessageRequest(url, body).withMessageAttributes(attributes));
      var message = sqs.receiveMessage(url).getMessages().get(0);
      Check.that(message.getBody().equals(body), "the body is the same");
      sqs.deleteMessage(url, message.getReceiptHandle());
    }
  }

  @Case("a user does what the policy says and nothing else; a wrong key or secret does nothing")
  void refused() {
    var url = client(Keys.OPERATOR).createQueue("orders-java").getQueueUrl();
    var shop = client(Keys.SHOP);

    shop.sendMessage(url, "allowed");

    Check.equal(refusal(() -> shop.receiveMessage(url)), "AccessDenied 403");
    Check.equal(refusal(shop::listQueues), "AccessDenied 403");
    Check.equal(refusal(client(Keys.UNKNOWN)::listQueues), "InvalidClientTokenId 403");
    Check.equal(refusal(client(Keys.WRONG)::listQueues), "SignatureDoesNotMatch 403");
  }

  private AmazonSQS client(Keys.Key key) {
    return Queues.client(broker.endpoint(), key);
  }

  private static String refusal(Check.Body body) {
    var refused = Check.fails(AmazonSQSException.class, body);
    return refused.getErrorCode() + " " + refused.getStatusCode();
  }

  @Override
  public void close() {
    Check.equal(broker.stop(), List.of());
  }
}
