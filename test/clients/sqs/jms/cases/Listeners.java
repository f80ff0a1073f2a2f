import com.amazon.sqs.javamessaging.message.SQSTextMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Consumers that are called. */
final class Listeners {
  private final NewQueues queues;

  Listeners(NewQueues queues) {
    this.queues = queues;
  }

  @Case("a listener hears every message once, those sent while it waits as well")
  void hears() throws Exception {
    var queue = queues.make(Map.of());
    var bodies = IntStream.range(0, 30).mapToObj(Integer::toString).toList();
    var heard = new LinkedBlockingQueue<String>();
    try (var sender = new Jms(queues, Jms.AUTO); var jms = new Jms(queues, Jms.AUTO, 5)) {
      sender.send(queue, bodies.subList(0, 10).toArray(String[]::new));
      var consumer = jms.session.createConsumer(jms.session.createQueue(queue));
      consumer.setMessageListener(message -> heard.add(text(message)));
      sender.send(queue, bodies.subList(10, 30).toArray(String[]::new));

      var seen = IntStream.range(0, 30).mapToObj(index -> next(heard)).collect(Collectors.toSet());
      Check.equal(seen, Set.copyOf(bodies));
    }
    Check.equal(queues.counts(queue), List.of("0", "0"));
    Check.equal(List.copyOf(heard), List.of());
  }

  @Case("a message whose listener throws comes again")
  void throwing() throws Exception {
    var queue = queues.make(Map.of());
    var heard = new LinkedBlockingQueue<String>();
    try (var jms = new Jms(queues, Jms.AUTO)) {
      var consumer = jms.session.createConsumer(jms.session.createQueue(queue));
      consumer.setMessageListener(message -> {
        heard.add(text(message) + " " + deliveries(message));
        if (deliveries(message) == 1) throw new IllegalStateException("the first time fails");
      });
      try (var sender = new Jms(queues, Jms.AUTO)) {
        sender.send(queue, "again");
      }

      Check.equal(List.of(next(heard), next(heard)), List.of("again 1", "again 2"));
    }
    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  private static String text(Object message) {
    try {
      return ((SQSTextMessage) message).getText();
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  private static int deliveries(Object message) {
    try {
      return ((SQSTextMessage) message).getIntProperty("JMSXDeliveryCount");
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  private static String next(LinkedBlockingQueue<String> heard) {
    try {
      return String.valueOf(heard.poll(15, TimeUnit.SECONDS));
    } catch (InterruptedException error) {
      throw new AssertionError(error);
    }
  }
}
