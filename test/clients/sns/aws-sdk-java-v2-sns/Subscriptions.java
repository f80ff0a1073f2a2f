import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.model.Subscription;

final class Subscriptions {
  private final World world;

  Subscriptions(World world) {
    this.world = world;
  }

  private Map<String, String> attributes(String subscription) {
    return world.sns.getSubscriptionAttributes(get -> get.subscriptionArn(subscription)).attributes();
  }

  @Case("a queue is subscribed once and at once, and its attributes come back")
  void attributes() {
    var topic = world.makeTopic();
    var queue = world.makeQueue(false);
    var subscription = world.subscribe(topic, "sqs", queue.arn(), Map.of());
    Check.equal(world.subscribe(topic, "sqs", queue.arn(), Map.of()), subscription);
    world.sns.setSubscriptionAttributes(set -> set
        .subscriptionArn(subscription).attributeName("FilterPolicy").attributeValue("{\"a\":[\"b\"]}"));
    var found = attributes(subscription);
    var shown = List.of(found.get("Endpoint"), found.get("PendingConfirmation"), found.get("FilterPolicy"));
    Check.equal(shown, List.of(queue.arn(), "false", "{\"a\":[\"b\"]}"));
  }

  @Case("the paginator walks through 101 subscriptions once")
  void pages() {
    var topic = world.makeTopic();
    var made = new ArrayList<String>();
    for (var index = 0; index < 101; index++) {
      var arn = "arn:aws:sqs:us-east-1:000000000000:" + world.newName();
      made.add(world.subscribe(topic, "sqs", arn, Map.of()));
    }
    var listed = world.sns.listSubscriptionsByTopicPaginator(list -> list.topicArn(topic)).subscriptions().stream()
        .map(Subscription::subscriptionArn);
    Check.equal(listed.sorted().toList(), made.stream().sorted().toList());
  }

  @Case("who has unsubscribed gets no more")
  void unsubscribe() {
    var topic = world.makeTopic();
    var gone = world.makeQueue(false);
    var subscription = world.subscribe(topic, "sqs", gone.arn(), World.RAW);
    var stays = world.subscribedQueue(topic, World.RAW);
    world.sns.unsubscribe(unsubscribe -> unsubscribe.subscriptionArn(subscription));
    world.publish(topic, "after");
    Check.equal(List.of(world.bodies(stays), world.bodies(gone)), List.of(List.of("after"), List.of()));
  }
}
