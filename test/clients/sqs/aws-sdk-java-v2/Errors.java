import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Queues, and the exceptions that the SDK makes of refusals. */
final class Errors {
  private final Queues queues;

  Errors(Queues queues) {
    this.queues = queues;
  }

  @Case("a queue keeps its attributes and tags until it is deleted")
  void lifeOfAQueue() {
    var name = queues.newName();
    var url = queues.sqs.createQueue(create -> create
        .queueName(name).attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "1")).tags(Map.of("team", "a"))).queueUrl();

    queues.sqs.setQueueAttributes(
        set -> set.queueUrl(url).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "7")));
    queues.sqs.tagQueue(tag -> tag.queueUrl(url).tags(Map.of("stage", "test")));
    queues.sqs.untagQueue(untag -> untag.queueUrl(url).tagKeys("team"));

    Check.equal(queues.sqs.getQueueUrl(get -> get.queueName(name)).queueUrl(), url);
    Check.equal(queues.attribute(url, QueueAttributeName.VISIBILITY_TIMEOUT), "7");
    Check.equal(queues.attribute(url, QueueAttributeName.DELAY_SECONDS), "1");
    Check.equal(queues.sqs.listQueueTags(list -> list.queueUrl(url)).tags(), Map.of("stage", "test"));
    queues.sqs.deleteQueue(delete -> delete.queueUrl(url));
    Check.fails(QueueDoesNotExistException.class, () -> queues.send(url, "x"));
  }

  @Case("a purge takes what waits and what is in flight")
  void purge() {
    var url = queues.make();
    for (var body : List.of("a", "b")) queues.send(url, body);
    queues.receiveOne(url);

    queues.sqs.purgeQueue(purge -> purge.queueUrl(url));

    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("refusals have the types of the SDK")
  void types() {
    var name = queues.newName();
    var url = queues.sqs.createQueue(create -> create.queueName(name)).queueUrl();

    var missing = Check.fails(
        QueueDoesNotExistException.class, () -> queues.sqs.getQueueUrl(get -> get.queueName("missing")));
    Check.fails(
        ReceiptHandleIsInvalidException.class,
        () -> queues.sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle("garbage")));
    Check.fails(
        QueueNameExistsException.class,
        () -> queues.sqs.createQueue(
            create -> create.queueName(name).attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "9"))));
    Check.fails(
        InvalidAttributeNameException.class,
        () -> queues.sqs.setQueueAttributes(
            set -> set.queueUrl(url).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true"))));
    Check.fails(
        InvalidAttributeValueException.class,
        () -> queues.sqs.setQueueAttributes(
            set -> set.queueUrl(url).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "43201"))));
    Check.fails(InvalidMessageContentsException.class, () -> queues.send(url, "\u0001"));

    // The SDK reads the Query protocol's code from the header x-amzn-query-error [sqs-sns 0.2].
    Check.equal(missing.awsErrorDetails().errorCode(), "AWS.SimpleQueueService.NonExistentQueue");
    Check.equal(missing.statusCode(), 400);
    Check.that(missing.requestId() != null, "an error has a request id");
  }

  @Case("a refusal that the SDK has no type for has its code and its text")
  void unmodelled() {
    var url = queues.make();

    var refused = Check.fails(SqsException.class, () -> queues.receive(url, 11, 0));

    Check.equal(refused.awsErrorDetails().errorCode(), "InvalidParameterValue");
    Check.equal(
        refused.awsErrorDetails().errorMessage(),
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.");
  }
}
