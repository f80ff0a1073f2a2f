import com.amazonaws.services.sqs.model.AmazonSQSException;
import com.amazonaws.services.sqs.model.CreateQueueRequest;
import com.amazonaws.services.sqs.model.InvalidAttributeNameException;
import com.amazonaws.services.sqs.model.InvalidMessageContentsException;
import com.amazonaws.services.sqs.model.PurgeQueueRequest;
import com.amazonaws.services.sqs.model.QueueDoesNotExistException;
import com.amazonaws.services.sqs.model.QueueNameExistsException;
import com.amazonaws.services.sqs.model.ReceiptHandleIsInvalidException;
import java.util.List;
import java.util.Map;

/** Queues, and the exceptions that the SDK makes of refusals. */
final class Errors {
  private final Queues queues;

  Errors(Queues queues) {
    this.queues = queues;
  }

  @Case("a queue keeps its attributes and tags until it is deleted")
  void lifeOfAQueue() {
    var name = queues.newName();
    var asked = new CreateQueueRequest(name).withAttributes(Map.of("DelaySeconds", "1")).withTags(Map.of("team", "a"));
    var url = queues.sqs.createQueue(asked).getQueueUrl();

    queues.sqs.setQueueAttributes(url, Map.of("VisibilityTimeout", "7"));
    queues.sqs.tagQueue(url, Map.of("stage", "test"));
    queues.sqs.untagQueue(url, List.of("team"));

    Check.equal(queues.sqs.getQueueUrl(name).getQueueUrl(), url);
    Check.equal(queues.attribute(url, "VisibilityTimeout"), "7");
    Check.equal(queues.attribute(url, "DelaySeconds"), "1");
    Check.equal(queues.sqs.listQueueTags(url).getTags(), Map.of("stage", "test"));
    queues.sqs.deleteQueue(url);
    Check.fails(QueueDoesNotExistException.class, () -> queues.sqs.sendMessage(url, "x"));
  }

  @Case("a purge takes what waits and what is in flight")
  void purge() {
    var url = queues.make();
    for (var body : List.of("a", "b")) queues.sqs.sendMessage(url, body);
    queues.receiveOne(url);

    queues.sqs.purgeQueue(new PurgeQueueRequest(url));

    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("refusals have the types of the SDK")
  void types() {
    var name = queues.newName();
    var url = queues.sqs.createQueue(name).getQueueUrl();

    var missing = Check.fails(QueueDoesNotExistException.class, () -> queues.sqs.getQueueUrl("missing"));
    Check.fails(ReceiptHandleIsInvalidException.class, () -> queues.sqs.deleteMessage(url, "garbage"));
    Check.fails(
        QueueNameExistsException.class,
        () -> queues.sqs.createQueue(new CreateQueueRequest(name).withAttributes(Map.of("DelaySeconds", "9"))));
    Check.fails(
        InvalidAttributeNameException.class,
        () -> queues.sqs.setQueueAttributes(url, Map.of("FifoQueue", "true")));
    Check.fails(InvalidMessageContentsException.class, () -> queues.sqs.sendMessage(url, "\u0001"));

    Check.equal(missing.getErrorCode(), "AWS.SimpleQueueService.NonExistentQueue");
    Check.equal(missing.getStatusCode(), 400);
    Check.that(missing.getRequestId() != null, "an error has a request id");
  }

  @Case("a refusal that the SDK has no type for has its code and its text")
  void unmodelled() {
    var url = queues.make();

    var refused = Check.fails(AmazonSQSException.class, () -> queues.receive(url, 11, 0));

    Check.equal(refused.getErrorCode(), "InvalidParameterValue");
    Check.equal(
        refused.getErrorMessage(),
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.");
  }
}
