import java.util.List;

/** Judges the broker with AWS's SDK for Java 2, whose own checks of each digest are on as they come. */
final class Main {
  public static void main(String[] arguments) {
    Suite.run(broker -> {
      var queues = new Queues(broker.endpoint());
      return List.of(
          new Messages(queues), new Batches(queues), new Fifo(queues), new DeadLetters(queues), new Errors(queues),
          new Async(queues), new BatchManager(queues), new Restart(), new Users(), new Readme(queues));
    });
  }
}
