import java.util.Map;

/** What the library makes of the broker's errors. */
final class Refusals {
  private final NewQueues queues;

  Refusals(NewQueues queues) {
    this.queues = queues;
  }

  @Case("a queue that does not exist is an invalid destination")
  void missingQueue() throws Exception {
    try (var jms = new Jms(queues, Jms.AUTO)) {
      var refused = Check.fails(Exception.class, () -> jms.session.createQueue("missing"));

      Check.equal(refused.getClass().getSimpleName(), "InvalidDestinationException");
      Check.equal(jms.connection.getWrappedAmazonSQSClient().queueExists("missing"), false);
    }
  }

  @Case("what the broker refuses is an exception of the sender, and the session goes on")
  void refusedSend() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.AUTO)) {
      Check.fails(Exception.class, () -> jms.send(queue, "x".repeat(1_048_577)));

      jms.send(queue, "well formed");

      Check.equal(jms.receive(queue, 1).get(0).getText(), "well formed");
    }
  }
}
