import com.amazonaws.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import com.amazonaws.services.sqs.model.ListQueuesRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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

    var sent = queues.sqs.sendMessage(url, "poison");
    for (var count : List.of("1", "2")) {
      var message = queues.receiveOne(url);
      Check.equal(message.getAttributes().get("ApproximateReceiveCount"), count);
      queues.sqs.changeMessageVisibility(url, message.getReceiptHandle(), 0);
    }
    Check.equal(queues.receive(url, 1, 0), List.of());
    var letter = queues.receiveOne(dead);

    Check.equal(letter.getMessageId(), sent.getMessageId());
    Check.equal(letter.getBody(), "poison");
    Check.equal(
        letter.getAttributes().get("DeadLetterQueueSourceArn"), queues.attribute(url, "QueueArn"));
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("the sources of a dead-letter queue, and all queues of a prefix, come page by page")
  void pages() {
    var dead = queues.make();
    var sources = IntStream.range(0, 3).mapToObj(index -> queues.make(redriveTo(dead, 1))).sorted().toList();
    var prefix = queues.newName() + "-page-";
    for (var suffix : List.of("a", "b", "c")) queues.sqs.createQueue(prefix + suffix);

    var found = new ArrayList<String>();
    var asked = new ListDeadLetterSourceQueuesRequest().withQueueUrl(dead).withMaxResults(2);
    do {
      var page = queues.sqs.listDeadLetterSourceQueues(asked);
      found.addAll(page.getQueueUrls());
      asked.setNextToken(page.getNextToken());
    } while (asked.getNextToken() != null);
    var firstPage = queues.sqs.listQueues(new ListQueuesRequest(prefix).withMaxResults(2));
    var secondPage = queues.sqs.listQueues(
        new ListQueuesRequest(prefix).withMaxResults(2).withNextToken(firstPage.getNextToken()));

    Check.equal(found.stream().sorted().toList(), sources);
    Check.equal(List.of(firstPage.getQueueUrls().size(), secondPage.getQueueUrls().size()), List.of(2, 1));
    Check.equal(secondPage.getNextToken(), null);
  }

  private Map<String, String> redriveTo(String dead, int receiveCountMax) {
    var policy = "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}";
    return Map.of("RedrivePolicy", policy.formatted(queues.attribute(dead, "QueueArn"), receiveCountMax));
  }
}
