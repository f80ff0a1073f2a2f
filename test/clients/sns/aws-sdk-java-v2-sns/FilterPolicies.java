import java.util.List;
import java.util.Map;

final class FilterPolicies {
  private final World world;

  FilterPolicies(World world) {
    this.world = world;
  }

  private World.Queue filtered(String topic, String scope, String policy) {
    return world.subscribedQueue(
        topic, Map.of("RawMessageDelivery", "true", "FilterPolicyScope", scope, "FilterPolicy", policy));
  }

  @Case("attributes decide who gets a message")
  void attributes() {
    var topic = world.makeTopic();
    var red = filtered(topic, "MessageAttributes", "{\"color\":[\"red\"]}");
    var others = filtered(topic, "MessageAttributes", "{\"color\":[{\"anything-but\":[\"red\"]}]}");
    for (var color : List.of("red", "blue")) {
      world.sns.publish(publish -> publish
          .topicArn(topic).message(color).messageAttributes(Map.of("color", World.text(color))));
    }
    world.publish(topic, "without a color");
    Check.equal(List.of(world.bodies(red), world.bodies(others)), List.of(List.of("red"), List.of("blue")));
  }

  @Case("the body decides when the policy is about the body")
  void body() {
    var topic = world.makeTopic();
    var queue = filtered(topic, "MessageBody", "{\"order\":{\"country\":[{\"prefix\":\"c\"}]}}");
    var match = "{\"order\":{\"country\":\"ch\"}}";
    for (var body : List.of("{\"order\":{\"country\":\"de\"}}", "no JSON", match)) world.publish(topic, body);
    Check.equal(world.bodies(queue), List.of(match));
  }
}
