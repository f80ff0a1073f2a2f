import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;

/** What is received too often, and the queues that say so. */
final class DeadLetters {
  private final Queues queues;

  DeadLetters(Queues queues) {
    this.queues = queues;
  }

  @Case("a message that was received too often goes to the dead-letter queue and keeps its id")
  void tooOften() {
    var dead = queues.make();
    var url = queues.make(redriveTo(dead, 2));

    var sent = queues.sqs.sendMessage(send -> send.queueUrl(url).messageBody("poison"));
    for (var count : List.of("1", "2")) {
      var message = queues.receiveOne(url);
      Check.equal(message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT), count);
      queues.sqs.changeMessageVisibility(
          change -> change.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
    }
    Check.equal(queues.receive(url, 1, 0), List.of());
    var letter = queues.receiveOne(dead);

    Check.equal(letter.messageId(), sent.messageId());
    Check.equal(letter.body(), "poison");
    Check.equal(
        letter.attributes().get(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN), queues.arn(url));
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("the paginators walk through the sources of a dead-letter queue and through all queues of a prefix")
  void paginators() {
    var dead = queues.make();
    var sources = IntStream.range(0, 3).mapToObj(index -> queues.make(redriveTo(dead, 1))).sorted().toList();
    var prefix = queues.newName() + "-page-";
    for (var suffix : List.of("a", "b", "c")) queues.sqs.createQueue(create -> create.queueName(prefix + suffix));

    var found = queues.sqs.listDeadLetterSourceQueuesPaginator(list -> list.queueUrl(dead).maxResults(2));
    var pages = queues.sqs.listQueuesPaginator(list -> list.queueNamePrefix(prefix).maxResults(2));

    Check.equal(found.queueUrls().stream().sorted().toList(), sources);
    Check.equal(pages.stream().map(page -> page.queueUrls().size()).toList(), List.of(2, 1));
  }

  @Case("a move task takes the dead letters back to where they came from")
  void moveTask() {
    var dead = queues.make();
    var url = queues.make(redriveTo(dead, 1));
    queues.send(url, "again");
    var first = queues.receiveOne(url);
    queues.sqs.changeMessageVisibility(
        change -> change.queueUrl(url).receiptHandle(first.receiptHandle()).visibilityTimeout(0));
    Check.equal(queues.receive(url, 1, 0), List.of());

    var arn = queues.arn(dead);
    queues.sqs.startMessageMoveTask(start -> start.sourceArn(arn));
    var back = queues.receiveOne(url);
    var tasks = queues.sqs.listMessageMoveTasks(list -> list.sourceArn(arn)).results();

    Check.equal(List.of(back.messageId(), back.body()), List.of(first.messageId(), "again"));
    Check.equal(tasks.stream().map(task -> task.sourceArn()).toList(), List.of(arn));
    Check.fails(
        ResourceNotFoundException.class,
        () -> queues.sqs.startMessageMoveTask(start -> start.sourceArn(arn + "-missing")));
    Check.equal(queues.counts(dead), List.of("0", "0"));
  }

  private Map<QueueAttributeName, String> redriveTo(String dead, int receiveCountMax) {
    var policy = "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(queues.arn(dead), receiveCountMax);
    return Map.of(QueueAttributeName.REDRIVE_POLICY, policy);
  }
}
