import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The SDK's signatures, verified. */
final class Users implements AutoCloseable {
  private final RunningBroker broker = RunningBroker.start(Keys.CONFIG);

  @Case("what the SDK signs is let in, small and large, from both clients")
  void signed() {
    try (var sqs = client(Keys.OPERATOR); var async = signing(SqsAsyncClient.builder(), Keys.OPERATOR).build()) {
      var url = sqs.createQueue(create -> create.queueName("life")).queueUrl();
      var attributes = Map.of("city", MessageAttributeValue.builder().dataType("String").stringValue("Zürich 😀").build());
      for (var body : List.of("é 😀 a+b %20", "x".repeat(600_000))) {
        sqs.sendMessage(send -> send.queueUrl(url).messageBody(body).messageAttributes(attributes));
        async.sendMessage(send -> send.queueUrl(url).messageBody(body).messageAttributes(attributes)).join();
        var messages = sqs.receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10)).messages();
        Check.that(Queues.bodies(messages).equals(List.of(body, body)), "both come");
        for (var message : messages) {
          sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
        }
      }
    }
  }

  @Case("a user does what the policy says and nothing else; a wrong key or secret does nothing")
  void refused() {
    try (var operator = client(Keys.OPERATOR); var shop = client(Keys.SHOP)) {
      var url = operator.createQueue(create -> create.queueName("orders-java")).queueUrl();

      shop.sendMessage(send -> send.queueUrl(url).messageBody("allowed"));

      Check.equal(refusal(() -> shop.receiveMessage(receive -> receive.queueUrl(url))), "AccessDenied 403");
      Check.equal(refusal(shop::listQueues), "AccessDenied 403");
    }
    try (var unknown = client(Keys.UNKNOWN); var wrong = client(Keys.WRONG)) {
      Check.equal(refusal(unknown::listQueues), "InvalidClientTokenId 403");
      Check.equal(refusal(wrong::listQueues), "SignatureDoesNotMatch 403");
    }
  }

  private SqsClient client(Keys.Key key) {
    return signing(SqsClient.builder(), key).build();
  }

  private <B extends AwsClientBuilder<B, C>, C> B signing(B builder, Keys.Key key) {
    var credentials = AwsBasicCredentials.create(key.id(), key.secret());
    return Queues.configured(builder, broker.endpoint())
        .credentialsProvider(StaticCredentialsProvider.create(credentials));
  }

  private static String refusal(Check.Body body) {
    var refused = Check.fails(SqsException.class, body);
    return refused.awsErrorDetails().errorCode() + " " + refused.statusCode();
  }

  @Override
  public void close() {
    Check.equal(broker.stop(), List.of());
  }
}
