import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;

final class Errors {
  private static final String MISSING = "arn:aws:sns:us-east-1:000000000000:missing";

  private final World world;

  Errors(World world) {
    this.world = world;
  }

  private static <E extends SnsException> void refused(Class<E> type, int status, String says, Check.Body body) {
    var details = Check.fails(type, body);
    Check.equal(
        List.of(details.statusCode(), details.awsErrorDetails().errorMessage()), List.of(status, says));
  }

  @Case("what is not there is a NotFoundException")
  void missing() {
    refused(NotFoundException.class, 404, "Topic does not exist", () -> world.publish(MISSING, "x"));
    refused(NotFoundException.class, 404, "Subscription does not exist", () -> world.sns.getSubscriptionAttributes(
        get -> get.subscriptionArn(MISSING + ":22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")));
    refused(NotFoundException.class, 404, "PlatformApplication does not exist", () -> world.sns.createPlatformEndpoint(
        create -> create.platformApplicationArn("arn:aws:sns:us-east-1:000000000000:app/GCM/missing").token("x")));
    Check.fails(
        ResourceNotFoundException.class, () -> world.sns.listTagsForResource(list -> list.resourceArn(MISSING)));
  }

  @Case("what is wrong in a request is an InvalidParameterException")
  void invalid() {
    var topic = world.makeTopic();
    Map<String, Check.Body> refusals = Map.of(
        "Topic Name", () -> world.sns.createTopic(create -> create.name("no spaces")),
        "Empty message", () -> world.publish(topic, ""),
        "Message too long", () -> world.publish(topic, "x".repeat(262_145)),
        "SQS endpoint ARN", () -> world.subscribe(topic, "sqs", "http://127.0.0.1/000000000000/queue", Map.of()),
        "Amazon SNS does not support this protocol string: pigeon", () -> world.subscribe(topic, "pigeon", "x", Map.of()));
    refusals.forEach((says, body) -> refused(InvalidParameterException.class, 400, "Invalid parameter: " + says, body));
    var strange = MessageAttributeValue.builder().dataType("Strange").stringValue("x").build();
    Check.fails(InvalidParameterValueException.class, () -> world.sns.publish(
        publish -> publish.topicArn(topic).message("x").messageAttributes(Map.of("attr1", strange))));
  }

  @Case("a batch as a whole is refused with an exception of its own")
  void batches() {
    var topic = world.makeTopic();
    Check.fails(EmptyBatchRequestException.class, () -> batch(topic, List.of()));
    Check.fails(BatchEntryIdsNotDistinctException.class, () -> batch(topic, List.of("a", "b", "a")));
    Check.fails(InvalidBatchEntryIdException.class, () -> batch(topic, List.of("a b")));
    Check.fails(
        TooManyEntriesInBatchRequestException.class, () -> batch(topic, List.of("abcdefghijk".split(""))));
  }

  private void batch(String topic, List<String> ids) {
    var entries = ids.stream().map(id -> PublishBatchRequestEntry.builder().id(id).message("x").build()).toList();
    world.sns.publishBatch(publish -> publish.topicArn(topic).publishBatchRequestEntries(entries));
  }
}
