import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsAsyncClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The clients of the SDK, and new topics and queues for each case. */
final class World implements AutoCloseable {
  static final Map<String, String> FIFO = Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true");
  static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");

  final String endpoint;
  final SnsClient sns;
  final SnsAsyncClient asyncSns;
  final SqsClient sqs;
  private final AtomicInteger made = new AtomicInteger();

  record Queue(String url, String arn) {}

  World(String endpoint) {
    this.endpoint = endpoint;
    sns = configured(SnsClient.builder()).build();
    asyncSns = configured(SnsAsyncClient.builder()).build();
    sqs = configured(SqsClient.builder()).build();
  }

  /** All of the SDK's own checks and repeats stay as they come. */
  private <B extends AwsClientBuilder<B, C>, C> B configured(B builder) {
    return builder
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")));
  }

  /** A name that no other case has. */
  String newName() {
    return "name-" + made.incrementAndGet();
  }

  String makeTopic() {
    return makeTopic(Map.of());
  }

  String makeTopic(Map<String, String> attributes) {
    var name = newName() + (attributes.containsKey("FifoTopic") ? ".fifo" : "");
    return sns.createTopic(create -> create.name(name).attributes(attributes)).topicArn();
  }

  Queue makeQueue(boolean isFifo) {
    var name = newName() + (isFifo ? ".fifo" : "");
    Map<QueueAttributeName, String> attributes = isFifo ? Map.of(QueueAttributeName.FIFO_QUEUE, "true") : Map.of();
    var url = sqs.createQueue(create -> create.queueName(name).attributes(attributes)).queueUrl();
    return new Queue(url, "arn:aws:sqs:us-east-1:000000000000:" + name);
  }

  String subscribe(String topic, String protocol, String address, Map<String, String> attributes) {
    return sns.subscribe(subscribe -> subscribe
        .topicArn(topic).protocol(protocol).endpoint(address).attributes(attributes).returnSubscriptionArn(true))
        .subscriptionArn();
  }

  /** A new queue that is subscribed; FIFO when the topic is. */
  Queue subscribedQueue(String topic, Map<String, String> attributes) {
    var queue = makeQueue(topic.endsWith(".fifo"));
    subscribe(topic, "sqs", queue.arn(), attributes);
    return queue;
  }

  /** @return the id of the message */
  String publish(String topic, String message) {
    return sns.publish(publish -> publish.topicArn(topic).message(message)).messageId();
  }

  static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  List<Message> receive(Queue queue) {
    return sqs.receiveMessage(receive -> receive
        .queueUrl(queue.url()).maxNumberOfMessages(10)
        .messageAttributeNames("All").messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  List<String> bodies(Queue queue) {
    return receive(queue).stream().map(Message::body).toList();
  }

  /** Of the one message that is there, or comes soon. */
  Map<String, JsonNode> envelope(Queue queue) {
    var messages = sqs.receiveMessage(receive -> receive.queueUrl(queue.url()).waitTimeSeconds(10)).messages();
    Check.equal(messages.size(), 1);
    return json(messages.get(0).body());
  }

  static Map<String, JsonNode> json(String text) {
    return JsonNode.parser().parse(text).asObject();
  }

  static String textOf(Map<String, JsonNode> object, String name) {
    var value = object.get(name);
    return value == null || value.isNull() ? null : value.asString();
  }

  @Override
  public void close() {
    sns.close();
    asyncSns.close();
    sqs.close();
  }
}
