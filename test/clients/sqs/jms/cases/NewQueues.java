import com.amazon.sqs.javamessaging.SQSConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** New queues for each case; each suite says how, for its own SDK. */
abstract class NewQueues {
  /** A close waits for the library's polls, which it asks to wait for 20 s: the suites' SDKs ask for this instead. */
  static final int POLL_SECONDS = 1;

  private final AtomicInteger made = new AtomicInteger();

  /** @param prefetched how many messages the library fetches ahead of the consumer */
  abstract SQSConnection connect(int prefetched) throws Exception;

  abstract void create(String name, Map<String, String> attributes);

  abstract String attribute(String name, String attribute);

  /** @return its name, by which JMS knows it */
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
}
