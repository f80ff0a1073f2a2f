import java.util.List;

/**
 * Judges the broker with Amazon's SQS Java Messaging Library. The cases name no type of JMS, because they are compiled for
 * both of its lives: `sqs/jms` with jakarta.jms, `sqs/jms-v1` with javax.jms.
 */
final class Main {
  public static void main(String[] arguments) {
    Suite.run(broker -> {
      var queues = new Queues(broker.endpoint());
      return List.of(
          new Messages(queues), new Acknowledgement(queues), new Listeners(queues), new Fifo(queues), new Refusals(queues));
    });
  }
}
