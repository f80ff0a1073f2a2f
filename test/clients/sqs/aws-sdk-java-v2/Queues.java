import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** Both clients of the SDK, and new queues for each case. */
final class Queues implements AutoCloseable {
  static final Map<QueueAttributeName, String> FIFO =
      Map.of(QueueAttributeName.FIFO_QUEUE, "true", QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true");

  final String endpoint;
  final SqsClient sqs;
  final SqsAsyncClient asyncSqs;
  private final AtomicInteger made = new AtomicInteger();

  Queues(String endpoint) {
    this.endpoint = endpoint;
    sqs = configured(SqsClient.builder(), endpoint).build();
    asyncSqs = configured(SqsAsyncClient.builder(), endpoint).build();
  }

  /** All of the SDK's own checks and repeats stay as they come. */
  static <B extends AwsClientBuilder<B, C>, C> B configured(B builder, String endpoint) {
    return builder
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")));
  }

  /** A name that no other case has. */
  String newName() {
    return "queue-" + made.incrementAndGet();
  }

  String make() {
    return make(Map.of());
  }

  String make(Map<QueueAttributeName, String> attributes) {
    var name = newName() + (attributes.containsKey(QueueAttributeName.FIFO_QUEUE) ? ".fifo" : "");
    return sqs.createQueue(create -> create.queueName(name).attributes(attributes)).queueUrl();
  }

  String arn(String url) {
    return attribute(url, QueueAttributeName.QUEUE_ARN);
  }

  String attribute(String url, QueueAttributeName name) {
    return sqs.getQueueAttributes(get -> get.queueUrl(url).attributeNames(name)).attributes().get(name);
  }

  /** What waits, and what is in flight. */
  List<String> counts(String url) {
    return List.of(
        attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
        attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }

  static ReceiveMessageRequest receiving(String url, int most, int waitSeconds) {
    return ReceiveMessageRequest.builder()
        .queueUrl(url)
        .maxNumberOfMessages(most)
        .waitTimeSeconds(waitSeconds)
        .messageAttributeNames("All")
        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
        .build();
  }

  List<Message> receive(String url, int most, int waitSeconds) {
    return sqs.receiveMessage(receiving(url, most, waitSeconds)).messages();
  }

  Message receiveOne(String url) {
    var messages = receive(url, 1, 5);
    Check.equal(messages.size(), 1);
    return messages.get(0);
  }

  void send(String url, String body) {
    sqs.sendMessage(send -> send.queueUrl(url).messageBody(body));
  }

  void delete(String url, Message message) {
    sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
  }

  static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::body).toList();
  }

  @Override
  public void close() {
    sqs.close();
    asyncSqs.close();
  }
}
