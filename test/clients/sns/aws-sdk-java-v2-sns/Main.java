import java.util.List;

/** Judges the broker with AWS's SDK for Java 2, and its signatures with the message manager of the SDK for Java 1. */
final class Main {
  public static void main(String[] arguments) throws Exception {
    var tls = Tls.prepare();
    var functions = new HttpEndpoint(202);
    var config = tls.config() + "lambda-endpoint: " + functions.url() + "\n";
    Suite.run(config, broker -> {
      var world = new World(broker.endpoint());
      return List.of(
          new Topics(world), new Subscriptions(world), new Queues(world), new FilterPolicies(world), new Fifo(world),
          new Http(world), new Functions(world, functions), new PhonesAndDevices(world), new Errors(world), world, tls);
    });
  }
}
