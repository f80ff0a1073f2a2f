import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.messaging.handler.annotation.Header;

/** One listener a way of listening; each writes down what it was called with. */
class Listeners {
  static final String SINGLE = "listens-single";
  static final String FAILING = "listens-failing";
  static final String POISON = "listens-poison";
  static final String DEAD = "listens-dead";
  static final String BATCH = "listens-batch";
  static final String FIFO = "listens.fifo";
  static final String MANUAL = "listens-manual";
  /** Longer than Spring takes to gather and send acknowledgements, also on a busy machine. */
  private static final String LEASE_SECONDS = "4";

  private static final String RECEIVE_COUNT = "Sqs_Msa_ApproximateReceiveCount";

  final Heard single = new Heard();
  final Heard failing = new Heard();
  final Heard poison = new Heard();
  final Heard dead = new Heard();
  final Heard batch = new Heard();
  final Heard fifo = new Heard();
  final Heard manual = new Heard();

  @SqsListener(SINGLE)
  void single(Order order, @Header("buyer") String buyer) {
    single.add(order + " for " + buyer);
  }

  @SqsListener(value = FAILING, messageVisibilitySeconds = LEASE_SECONDS)
  CompletableFuture<Void> failing(String body, @Header(RECEIVE_COUNT) String count) {
    failing.add(body + " " + count);
    if (!count.equals("1")) return CompletableFuture.completedFuture(null);
    return CompletableFuture.failedFuture(new IllegalStateException("the first time fails"));
  }

  @SqsListener(value = POISON, messageVisibilitySeconds = "1")
  void poison(String body, @Header(RECEIVE_COUNT) String count) {
    poison.add(body + " " + count);
    throw new IllegalStateException("it always fails");
  }

  @SqsListener(DEAD)
  void dead(String body, @Header("Sqs_Msa_DeadLetterQueueSourceArn") String source) {
    dead.add(body + " of " + source);
  }

  @SqsListener(value = BATCH, maxConcurrentMessages = "10", maxMessagesPerPoll = "10")
  void batch(List<String> bodies) {
    bodies.forEach(batch::add);
  }

  @SqsListener(value = FIFO, messageVisibilitySeconds = LEASE_SECONDS)
  void fifo(String body, @Header("Sqs_Msa_MessageGroupId") String group, @Header(RECEIVE_COUNT) String count) {
    fifo.add(group + body + " " + count);
    if (body.equals("2") && count.equals("1")) throw new IllegalStateException("the first time fails");
  }

  @SqsListener(value = MANUAL, acknowledgementMode = "MANUAL")
  void manual(String body, @Header(RECEIVE_COUNT) String count, Visibility visibility, Acknowledgement acknowledgement) {
    manual.add(body + " " + count);
    if (count.equals("1")) visibility.changeTo(0);
    else acknowledgement.acknowledge();
  }
}
