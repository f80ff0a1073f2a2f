import com.amazon.sqs.javamessaging.message.SQSTextMessage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What is acknowledged when, and what comes again. */
final class Acknowledgement {
  private final NewQueues queues;

  Acknowledgement(NewQueues queues) {
    this.queues = queues;
  }

  @Case("with automatic acknowledgement a message that was received is gone")
  void automatic() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.AUTO)) {
      jms.send(queue, "a", "b");
      jms.receive(queue, 2);

      Check.equal(queues.counts(queue), List.of("0", "0"));
    }
  }

  @Case("with acknowledgement by the client the last message acknowledges those before it")
  void byTheClient() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.CLIENT)) {
      jms.send(queue, "a", "b", "c");
      var messages = jms.receive(queue, 3);
      Check.equal(queues.counts(queue), List.of("0", "3"));

      messages.get(2).acknowledge();

      Check.equal(queues.counts(queue), List.of("0", "0"));
    }
  }

  @Case("with unordered acknowledgement each message is for itself, and a recovered session gets the others again")
  void unordered() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.UNORDERED)) {
      jms.send(queue, "a", "b", "c");
      var messages = jms.receive(queue, 3);
      var acknowledged = messages.get(1);

      acknowledged.acknowledge();
      Check.equal(queues.counts(queue), List.of("0", "2"));
      jms.session.recover();
      var again = jms.receive(queue, 2);

      var expected = messages.stream().filter(message -> message != acknowledged).toList();
      Check.equal(ids(again), ids(expected));
      for (var message : again) {
        Check.equal(List.of(message.getIntProperty("JMSXDeliveryCount"), message.getJMSRedelivered()), List.of(2, true));
      }
    }
  }

  @Case("a connection that is closed gives back what it fetched ahead")
  void prefetched() throws Exception {
    var queue = queues.make(Map.of());
    var bodies = IntStream.range(0, 10).mapToObj(Integer::toString).toArray(String[]::new);
    try (var sender = new Jms(queues, Jms.AUTO)) {
      sender.send(queue, bodies);
    }

    try (var greedy = new Jms(queues, Jms.CLIENT, 10)) {
      greedy.receive(queue, 1).get(0).acknowledge();
    }
    try (var next = new Jms(queues, Jms.AUTO)) {
      next.receive(queue, 9);
    }

    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  @Case("a message that is never acknowledged goes to the dead-letter queue")
  void deadLetter() throws Exception {
    var dead = queues.make(Map.of());
    var policy = "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"2\"}";
    var queue = queues.make(Map.of("RedrivePolicy", policy.formatted(queues.attribute(dead, "QueueArn"))));
    try (var jms = new Jms(queues, Jms.CLIENT)) {
      jms.send(queue, "poison");
      for (var count : List.of(1, 2)) {
        var message = jms.receive(queue, 1).get(0);
        Check.equal(message.getIntProperty("JMSXDeliveryCount"), count);
        jms.session.recover();
      }
      var consumer = jms.session.createConsumer(jms.session.createQueue(queue));
      Check.equal(consumer.receive(100), null);

      var letter = jms.receive(dead, 1).get(0);
      Check.equal(letter.getText(), "poison");
      letter.acknowledge();
    }
    Check.equal(queues.counts(dead), List.of("0", "0"));
  }

  private static List<String> ids(List<SQSTextMessage> messages) {
    return messages.stream().map(SQSTextMessage::getSQSMessageId).sorted().toList();
  }
}
