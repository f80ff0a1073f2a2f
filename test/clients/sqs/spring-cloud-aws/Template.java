import io.awspring.cloud.sqs.listener.QueueNotFoundStrategy;
import io.awspring.cloud.sqs.operations.MessagingOperationFailedException;
import io.awspring.cloud.sqs.operations.SendBatchOperationFailedException;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Sending and receiving by hand. */
final class Template {
  private final Queues queues;
  private final SqsTemplate template;
  private final SqsAsyncClient client;

  Template(Queues queues, SqsTemplate template, SqsAsyncClient client) {
    this.queues = queues;
    this.template = template;
    this.client = client;
  }

  @Case("an object goes as JSON, comes back as an object with its headers, and is deleted")
  void object() {
    var queue = queues.make(Map.of());

    var sent = template.send(to -> to.queue(queue).payload(new Order("Zürich 😀", 2)).header("price", 1.5));
    var received = template.receive(from -> from.queue(queue).pollTimeout(Duration.ofSeconds(5)), Order.class);

    Message<Order> message = received.orElseThrow();
    Check.equal(message.getPayload(), new Order("Zürich 😀", 2));
    Check.equal(message.getHeaders().get("price"), 1.5);
    Check.equal(message.getHeaders().getId(), sent.messageId());
    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  @Case("a receive that finds nothing is empty")
  void nothing() {
    var queue = queues.make(Map.of());

    Check.equal(template.receive(from -> from.queue(queue).pollTimeout(Duration.ZERO)), Optional.empty());
  }

  @Case("many go at once and come at once, and one that is too long fails alone")
  void many() {
    var queue = queues.make(Map.of("MaximumMessageSize", "1024"));
    var messages = Stream.of("a", "x".repeat(2000), "b").map(body -> MessageBuilder.withPayload(body).build()).toList();

    var failed = Check.fails(SendBatchOperationFailedException.class, () -> template.sendMany(queue, messages));
    var received = template.receiveMany(from -> from.queue(queue).maxNumberOfMessages(10), String.class);

    Check.equal(failed.getFailedMessages().size(), 1);
    Check.equal(received.stream().map(Message::getPayload).sorted().toList(), List.of("a", "b"));
    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  @Case("a message group keeps its order")
  void fifo() {
    var queue = queues.make(Queues.FIFO);
    var numbers = new ArrayList<String>();

    for (var body : List.of("1", "2", "3")) {
      var sent = template.send(to -> to.queue(queue).payload(body).messageGroupId("g"));
      numbers.add(String.valueOf(sent.additionalInformation().get("sequenceNumber")));
    }
    var received = template.receiveMany(from -> from.queue(queue).maxNumberOfMessages(10), String.class);

    Check.equal(received.stream().map(Message::getPayload).toList(), List.of("1", "2", "3"));
    Check.equal(
        received.stream().map(message -> message.getHeaders().get("Sqs_Msa_SequenceNumber")).toList(), numbers);
  }

  @Case("a queue that does not exist is made, or refused where that is asked for")
  void missingQueue() {
    var strict = SqsTemplate.builder()
        .sqsAsyncClient(client)
        .configure(options -> options.queueNotFoundStrategy(QueueNotFoundStrategy.FAIL))
        .build();

    var refused = Check.fails(MessagingOperationFailedException.class, () -> strict.send("not-yet-there", "x"));
    template.send("not-yet-there", "x");

    Check.that(causes(refused).contains("QueueDoesNotExistException"), causes(refused) + " names the reason");
    Check.equal(queues.counts("not-yet-there"), List.of("1", "0"));
  }

  private static List<String> causes(Throwable error) {
    return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
        .map(cause -> cause.getClass().getSimpleName())
        .toList();
  }
}
