import java.util.List;
import java.util.Map;

final class Functions implements AutoCloseable {
  private final World world;
  private final HttpEndpoint functions;

  Functions(World world, HttpEndpoint functions) {
    this.world = world;
    this.functions = functions;
  }

  @Case("a function is invoked with the event of AWS Lambda")
  void invoked() throws InterruptedException {
    var topic = world.makeTopic();
    var arn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    var subscription = world.subscribe(topic, "lambda", arn, Map.of());
    var id = world.publish(topic, "one crate");
    var post = functions.take();
    Check.equal(
        List.of(post.path(), post.headers().get("x-amz-invocation-type")),
        List.of("/2015-03-31/functions/orders/invocations", "Event"));
    var record = World.json(post.body()).get("Records").asArray().get(0).asObject();
    var message = record.get("Sns").asObject();
    Check.equal(
        List.of(World.textOf(record, "EventSource"), World.textOf(record, "EventSubscriptionArn")),
        List.of("aws:sns", subscription));
    Check.equal(List.of(World.textOf(message, "MessageId"), World.textOf(message, "Message")), List.of(id, "one crate"));
  }

  @Override
  public void close() {
    functions.close();
  }
}
