import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sns.model.PublishResponse;

final class Fifo {
  private final World world;

  Fifo(World world) {
    this.world = world;
  }

  private PublishResponse publish(String topic, String message) {
    return world.sns.publish(publish -> publish.topicArn(topic).message(message).messageGroupId("g"));
  }

  @Case("a group keeps its order in every queue, and numbers rise")
  void order() {
    var topic = world.makeTopic(World.FIFO);
    var queues = List.of(world.subscribedQueue(topic, World.RAW), world.subscribedQueue(topic, World.RAW));
    var sent = new ArrayList<String>();
    var numbers = new ArrayList<String>();
    for (var index = 0; index < 10; index++) {
      sent.add("" + index);
      numbers.add(publish(topic, "" + index).sequenceNumber());
    }
    Check.equal(numbers, numbers.stream().sorted().toList());
    for (var queue : queues) Check.equal(world.bodies(queue), sent);
  }

  @Case("a duplicate has the id and number of the first, and nobody gets it")
  void duplicates() {
    var topic = world.makeTopic(World.FIFO);
    var queue = world.subscribedQueue(topic, World.RAW);
    var first = publish(topic, "same");
    var second = publish(topic, "same");
    Check.equal(List.of(second.messageId(), second.sequenceNumber()), List.of(first.messageId(), first.sequenceNumber()));
    Check.equal(world.bodies(queue), List.of("same"));
  }
}
