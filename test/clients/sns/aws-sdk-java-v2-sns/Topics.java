import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.Topic;

final class Topics {
  private final World world;

  Topics(World world) {
    this.world = world;
  }

  private Map<String, String> attributes(String topic) {
    return world.sns.getTopicAttributes(get -> get.topicArn(topic)).attributes();
  }

  @Case("a new topic has the attributes of AWS, and a FIFO topic those that make it one")
  void attributesOfNew() {
    var found = attributes(world.makeTopic());
    var names = List.of("DisplayName", "EffectiveDeliveryPolicy", "Owner", "Policy", "SubscriptionsConfirmed",
        "SubscriptionsDeleted", "SubscriptionsPending", "TopicArn");
    Check.equal(found.keySet(), new HashSet<>(names));
    Check.equal(attributes(world.makeTopic(World.FIFO)).get("FifoTopic"), "true");
  }

  @Case("attributes that are set come back")
  void set() {
    var topic = world.makeTopic();
    var given = Map.of("DisplayName", "Zürich", "SignatureVersion", "2");
    given.forEach((name, value) ->
        world.sns.setTopicAttributes(set -> set.topicArn(topic).attributeName(name).attributeValue(value)));
    var found = attributes(topic);
    Check.equal(Map.of("DisplayName", found.get("DisplayName"), "SignatureVersion", found.get("SignatureVersion")), given);
  }

  @Case("tags come back")
  void tags() {
    var topic = world.makeTopic();
    var blue = Tag.builder().key("team").value("blue").build();
    world.sns.tagResource(tag -> tag.resourceArn(topic).tags(blue, Tag.builder().key("old").value("x").build()));
    world.sns.untagResource(untag -> untag.resourceArn(topic).tagKeys("old", "missing"));
    Check.equal(world.sns.listTagsForResource(list -> list.resourceArn(topic)).tags(), List.of(blue));
  }

  @Case("the paginator walks through 151 topics once")
  void pages() {
    var prefix = world.newName() + "-page-";
    var made = new ArrayList<String>();
    for (var index = 0; index < 151; index++) {
      var name = prefix + index;
      made.add(world.sns.createTopic(create -> create.name(name)).topicArn());
    }
    var listed = world.sns.listTopicsPaginator().topics().stream()
        .map(Topic::topicArn).filter(arn -> arn.contains(prefix)).toList();
    Check.equal(listed.stream().sorted().toList(), made.stream().sorted().toList());
  }

  @Case("a topic is gone once it was deleted")
  void delete() {
    var topic = world.makeTopic();
    world.sns.deleteTopic(delete -> delete.topicArn(topic));
    world.sns.deleteTopic(delete -> delete.topicArn(topic));
    Check.fails(NotFoundException.class, () -> attributes(topic));
  }
}
