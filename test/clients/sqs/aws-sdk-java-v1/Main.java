import java.util.List;
import java.util.logging.LogManager;

/**
 * Judges the broker with AWS's SDK for Java 1, whose own checks of each digest are on as they come. The same sources run
 * twice: with its last version, which speaks JSON, and as the suite `aws-sdk-java-v1-query` with one that speaks the Query
 * protocol, as all before 1.12.585 do.
 */
final class Main {
  public static void main(String[] arguments) {
    LogManager.getLogManager().reset(); // It announces its end at each start.
    Suite.run(broker -> {
      var queues = new Queues(broker.endpoint());
      return List.of(
          new Messages(queues), new Batches(queues), new Fifo(queues), new DeadLetters(queues), new Errors(queues),
          new Buffered(queues), new Users());
    });
  }
}
