import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A client beside Spring's, for queues with attributes and for what is left in them. */
final class Queues {
  static final Map<String, String> FIFO = Map.of("FifoQueue", "true");
  private static final Duration WAIT_MAX = Duration.ofSeconds(15);
  private static final int PAUSE_MS = 50;

  private final SqsClient sqs;
  private final AtomicInteger made = new AtomicInteger();

  Queues(String endpoint) {
    sqs = SqsClient.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")))
        .build();
  }

  /** Those that need attributes; the listeners make the others, as is Spring's way with a queue that it does not find. */
  void makeForListeners() {
    create(Listeners.FIFO, FIFO);
    create(Listeners.DEAD, Map.of());
    var policy = "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":2}".formatted(attribute(Listeners.DEAD, "QueueArn"));
    create(Listeners.POISON, Map.of("RedrivePolicy", policy));
  }

  /** @return the name of a queue that no other case has */
  String make(Map<String, String> attributes) {
    var name = "queue-" + made.incrementAndGet() + (attributes.containsKey("FifoQueue") ? ".fifo" : "");
    create(name, attributes);
    return name;
  }

  /** What waits, and what is in flight. */
  List<String> counts(String name) {
    return List.of(
        attribute(name, "ApproximateNumberOfMessages"), attribute(name, "ApproximateNumberOfMessagesNotVisible"));
  }

  /** Spring gathers acknowledgements for up to a second, and tells nobody when they are done. */
  void becomesEmpty(String name) throws InterruptedException {
    var end = Instant.now().plus(WAIT_MAX);
    while (!counts(name).equals(List.of("0", "0"))) {
      Check.that(Instant.now().isBefore(end), name + " becomes empty: " + counts(name));
      Thread.sleep(PAUSE_MS);
    }
  }

  private void create(String name, Map<String, String> attributes) {
    sqs.createQueue(create -> create.queueName(name).attributesWithStrings(attributes));
  }

  private String attribute(String name, String attribute) {
    var url = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
    var found = sqs.getQueueAttributes(get -> get.queueUrl(url).attributeNamesWithStrings(attribute));
    return found.attributesAsStrings().get(attribute);
  }
}
