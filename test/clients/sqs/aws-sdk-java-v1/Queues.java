import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.sqs.AmazonSQSAsync;
import com.amazonaws.services.sqs.AmazonSQSAsyncClientBuilder;
import com.amazonaws.services.sqs.model.CreateQueueRequest;
import com.amazonaws.services.sqs.model.GetQueueAttributesRequest;
import com.amazonaws.services.sqs.model.Message;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The SDK's client, and new queues for each case. */
final class Queues {
  static final Map<String, String> FIFO = Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true");

  final AmazonSQSAsync sqs;
  private final AtomicInteger made = new AtomicInteger();

  Queues(String endpoint) {
    sqs = client(endpoint, new Keys.Key("dummy", "dummy"));
  }

  /** All of the SDK's own checks and repeats stay as they come. */
  static AmazonSQSAsync client(String endpoint, Keys.Key key) {
    return AmazonSQSAsyncClientBuilder.standard()
        .withEndpointConfiguration(new EndpointConfiguration(endpoint, "us-east-1"))
        .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials(key.id(), key.secret())))
        .build();
  }

  /** A name that no other case has. */
  String newName() {
    return "queue-" + made.incrementAndGet();
  }

  String make() {
    return make(Map.of());
  }

  String make(Map<String, String> attributes) {
    var name = newName() + (attributes.containsKey("FifoQueue") ? ".fifo" : "");
    return sqs.createQueue(new CreateQueueRequest(name).withAttributes(attributes)).getQueueUrl();
  }

  String attribute(String url, String name) {
    var asked = new GetQueueAttributesRequest(url).withAttributeNames(name);
    return sqs.getQueueAttributes(asked).getAttributes().get(name);
  }

  /** What waits, and what is in flight. */
  List<String> counts(String url) {
    return List.of(
        attribute(url, "ApproximateNumberOfMessages"), attribute(url, "ApproximateNumberOfMessagesNotVisible"));
  }

  @SuppressWarnings("deprecation") // withAttributeNames, because the newer withMessageSystemAttributeNames came with JSON.
  List<Message> receive(String url, int most, int waitSeconds) {
    return sqs.receiveMessage(new ReceiveMessageRequest(url)
        .withMaxNumberOfMessages(most)
        .withWaitTimeSeconds(waitSeconds)
        .withMessageAttributeNames("All")
        .withAttributeNames("All"))
        .getMessages();
  }

  Message receiveOne(String url) {
    var messages = receive(url, 1, 5);
    Check.equal(messages.size(), 1);
    return messages.get(0);
  }

  void delete(String url, Message message) {
    sqs.deleteMessage(url, message.getReceiptHandle());
  }

  static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::getBody).toList();
  }
}
