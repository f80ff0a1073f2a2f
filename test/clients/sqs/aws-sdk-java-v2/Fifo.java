import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Order and deduplication. */
final class Fifo {
  private final Queues queues;

  Fifo(Queues queues) {
    this.queues = queues;
  }

  @Case("order is kept, and a body that came already is not stored again")
  void order() {
    var url = queues.make(Queues.FIFO);

    var numbers = List.of("1", "2", "1", "3").stream().map(body -> send(url, "g", body).sequenceNumber()).toList();
    var messages = queues.receive(url, 10, 5);

    Check.equal(numbers.get(2), numbers.get(0));
    Check.equal(Queues.bodies(messages), List.of("1", "2", "3"));
    Check.equal(messages.get(0).attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER), numbers.get(0));
    Check.equal(messages.get(0).attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID), "g");
  }

  @Case("a batch keeps the order of its entries")
  void batchOrder() {
    var url = queues.make(Queues.FIFO);
    var entries = IntStream.range(0, 10)
        .mapToObj(index -> SendMessageBatchRequestEntry.builder()
            .id("id-" + index).messageBody("" + index).messageGroupId("g").build())
        .toList();

    queues.sqs.sendMessageBatch(send -> send.queueUrl(url).entries(entries));
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
    var attempt = UUID.randomUUID().toString();

    var first = queues.sqs.receiveMessage(receive -> receive.queueUrl(url).receiveRequestAttemptId(attempt)).messages();
    var again = queues.sqs.receiveMessage(receive -> receive.queueUrl(url).receiveRequestAttemptId(attempt)).messages();

    Check.equal(again, first);
  }

  @Case("what a FIFO queue needs is asked for")
  void refusals() {
    var url = queues.make(Map.of(QueueAttributeName.FIFO_QUEUE, "true"));

    var noGroup = Check.fails(SqsException.class, () -> queues.send(url, "x"));
    var noDeduplication = Check.fails(SqsException.class, () -> send(url, "g", "x"));

    Check.equal(noGroup.awsErrorDetails().errorCode(), "MissingParameter");
    Check.equal(noDeduplication.awsErrorDetails().errorCode(), "InvalidParameterValue");
  }

  private SendMessageResponse send(String url, String group, String body) {
    return queues.sqs.sendMessage(send -> send.queueUrl(url).messageBody(body).messageGroupId(group));
  }
}
