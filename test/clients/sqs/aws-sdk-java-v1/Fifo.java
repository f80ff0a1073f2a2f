import com.amazonaws.services.sqs.model.AmazonSQSException;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.sqs.model.SendMessageResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Order and deduplication. */
final class Fifo {
  private final Queues queues;

  Fifo(Queues queues) {
    this.queues = queues;
  }

  @Case("order is kept, and a body that came already is not stored again")
  void order() {
    var url = queues.make(Queues.FIFO);

    var numbers = List.of("1", "2", "1", "3").stream().map(body -> send(url, "g", body).getSequenceNumber()).toList();
    var messages = queues.receive(url, 10, 5);

    Check.equal(numbers.get(2), numbers.get(0));
    Check.equal(Queues.bodies(messages), List.of("1", "2", "3"));
    Check.equal(messages.get(0).getAttributes().get("SequenceNumber"), numbers.get(0));
    Check.equal(messages.get(0).getAttributes().get("MessageGroupId"), "g");
  }

  @Case("a batch keeps the order of its entries")
  void batchOrder() {
    var url = queues.make(Queues.FIFO);

    queues.sqs.sendMessageBatch(url, IntStream.range(0, 10)
        .mapToObj(index -> new SendMessageBatchRequestEntry("id-" + index, "" + index).withMessageGroupId("g"))
        .toList());
    var bodies = new ArrayList<String>();
    for (var most : List.of(3, 3, 4)) {
      var messages = queues.receive(url, most, 5);
      bodies.addAll(Queues.bodies(messages));
      messages.forEach(message -> queues.delete(url, message));
    }

    Check.equal(bodies, IntStream.range(0, 10).mapToObj(Integer::toString).toList());
  }

  @Case("a message group waits for what is in flight, and others do not")
  void groupsInFlight() {
    var url = queues.make(Queues.FIFO);
    for (var body : List.of("a1", "a2", "b1")) send(url, body.substring(0, 1), body);

    var first = queues.receiveOne(url);
    var second = queues.receiveOne(url);
    var none = queues.receive(url, 10, 0);
    queues.delete(url, first);
    var third = queues.receiveOne(url);

    Check.equal(Queues.bodies(List.of(first, second, third)), List.of("a1", "b1", "a2"));
    Check.equal(none, List.of());
  }

  @Case("an attempt that is made again gets the same messages")
  void receiveAttempt() {
    var url = queues.make(Queues.FIFO);
    send(url, "g", "once");
    var attempt = new ReceiveMessageRequest(url).withReceiveRequestAttemptId(UUID.randomUUID().toString());

    var first = queues.sqs.receiveMessage(attempt).getMessages();
    var again = queues.sqs.receiveMessage(attempt).getMessages();

    Check.equal(again, first);
  }

  @Case("what a FIFO queue needs is asked for")
  void refusals() {
    var url = queues.make(Map.of("FifoQueue", "true"));

    var noGroup = Check.fails(AmazonSQSException.class, () -> queues.sqs.sendMessage(url, "x"));
    var noDeduplication = Check.fails(AmazonSQSException.class, () -> send(url, "g", "x"));

    Check.equal(noGroup.getErrorCode(), "MissingParameter");
    Check.equal(noDeduplication.getErrorCode(), "InvalidParameterValue");
  }

  private SendMessageResult send(String url, String group, String body) {
    return queues.sqs.sendMessage(new SendMessageRequest(url, body).withMessageGroupId(group));
  }
}
