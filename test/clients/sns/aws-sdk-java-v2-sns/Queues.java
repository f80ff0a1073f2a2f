import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;

final class Queues {
  private static final String BODY = "line 1\r\nline 2 \"quoted\" <&> Zürich 🍊";
  private static final byte[] BYTES = {0, -119, -1};
  private static final Map<String, MessageAttributeValue> ATTRIBUTES = Map.of(
      "city", World.text("Zürich 🍊"),
      "picture", MessageAttributeValue.builder().dataType("Binary").binaryValue(SdkBytes.fromByteArray(BYTES)).build());

  private final World world;

  Queues(World world) {
    this.world = world;
  }

  @Case("a queue gets an envelope, with the attributes inside")
  void envelope() {
    var topic = world.makeTopic();
    var queue = world.subscribedQueue(topic, Map.of());
    var id = world.sns.publish(publish -> publish
        .topicArn(topic).message(BODY).subject("Fruit").messageAttributes(ATTRIBUTES)).messageId();
    var envelope = world.envelope(queue);
    var shown = List.of("Type", "MessageId", "TopicArn", "Subject", "Message").stream()
        .map(name -> World.textOf(envelope, name)).toList();
    Check.equal(shown, List.of("Notification", id, topic, "Fruit", BODY));
    var attributes = envelope.get("MessageAttributes").asObject();
    Check.equal(World.textOf(attributes.get("city").asObject(), "Value"), "Zürich 🍊");
    Check.equal(World.textOf(attributes.get("picture").asObject(), "Value"), "AIn/");
  }

  @Case("raw delivery gives the message itself, its attributes as those of SQS")
  void raw() {
    var topic = world.makeTopic();
    var queue = world.subscribedQueue(topic, World.RAW);
    world.sns.publish(publish -> publish.topicArn(topic).message(BODY).messageAttributes(ATTRIBUTES));
    var message = world.receive(queue).get(0);
    var city = message.messageAttributes().get("city").stringValue();
    var picture = message.messageAttributes().get("picture").binaryValue();
    Check.equal(List.of(message.body(), city, picture), List.of(BODY, "Zürich 🍊", SdkBytes.fromByteArray(BYTES)));
  }

  @Case("the asynchronous client publishes to all queues of a topic")
  void async() {
    var topic = world.makeTopic();
    var queues = List.of(world.subscribedQueue(topic, World.RAW), world.subscribedQueue(topic, World.RAW));
    world.asyncSns.publish(publish -> publish.topicArn(topic).message("to all")).join();
    for (var queue : queues) Check.equal(world.bodies(queue), List.of("to all"));
  }

  @Case("a batch is published")
  void batch() {
    var topic = world.makeTopic();
    var queue = world.subscribedQueue(topic, World.RAW);
    var entries = List.of("a", "b", "c").stream()
        .map(id -> PublishBatchRequestEntry.builder().id(id).message("message " + id).build()).toList();
    var published = world.sns.publishBatch(publish -> publish.topicArn(topic).publishBatchRequestEntries(entries));
    Check.equal(published.successful().stream().map(PublishBatchResultEntry::id).toList(), List.of("a", "b", "c"));
    Check.equal(published.failed(), List.of());
    var bodies = world.bodies(queue).stream().sorted().toList();
    Check.equal(bodies, List.of("message a", "message b", "message c"));
  }

  @Case("what a queue that is gone cannot take goes to the dead-letter queue")
  void deadLetter() {
    var topic = world.makeTopic();
    var dead = world.makeQueue(false);
    var gone = world.subscribedQueue(topic, Map.of("RedrivePolicy", "{\"deadLetterTargetArn\":\"" + dead.arn() + "\"}"));
    world.sqs.deleteQueue(delete -> delete.queueUrl(gone.url()));
    world.publish(topic, "nobody is there");
    Check.equal(World.textOf(world.envelope(dead), "Message"), "nobody is there");
  }
}
