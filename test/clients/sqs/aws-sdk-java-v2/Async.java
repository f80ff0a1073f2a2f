import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The client over Netty, many requests at once. */
final class Async {
  private final Queues queues;

  Async(Queues queues) {
    this.queues = queues;
  }

  @Case("two hundred messages sent at once all come, each once, and are deleted")
  void manyAtOnce() {
    var url = queues.make();
    var bodies = IntStream.range(0, 200).mapToObj(index -> "body " + index).collect(Collectors.toSet());

    all(bodies.stream()
        .map(body -> queues.asyncSqs.sendMessage(send -> send.queueUrl(url).messageBody(body))).toList());
    var seen = new HashSet<String>();
    while (seen.size() < bodies.size()) {
      var messages = queues.asyncSqs.receiveMessage(Queues.receiving(url, 10, 2)).join().messages();
      Check.that(!messages.isEmpty(), "messages are left");
      for (var message : messages) Check.that(seen.add(message.body()), message.body() + " comes once");
      all(messages.stream()
          .map(message -> queues.asyncSqs.deleteMessage(
              delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle())))
          .toList());
    }

    Check.equal(seen, bodies);
    Check.equal(queues.counts(url), List.of("0", "0"));
  }

  @Case("a long poll that was cancelled takes no message with it")
  void cancelledPoll() {
    var url = queues.make();
    var cancelled = queues.asyncSqs.receiveMessage(Queues.receiving(url, 10, 20));
    queues.counts(url); // One turn for the poll.

    cancelled.cancel(true);
    for (int turn = 0; turn < 10; turn++) queues.counts(url); // And some until its connection is closed.
    queues.send(url, "for whom it may concern");

    var message = queues.receiveOne(url);
    Check.equal(message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT), "1");
  }

  @Case("the paginator publishes every queue, and a refusal completes the future")
  void paginatorAndRefusal() {
    var prefix = queues.newName() + "-async-";
    var urls = List.of("a", "b", "c").stream()
        .map(suffix -> queues.sqs.createQueue(create -> create.queueName(prefix + suffix)).queueUrl())
        .collect(Collectors.toSet());
    Set<String> found = ConcurrentHashMap.newKeySet();

    queues.asyncSqs.listQueuesPaginator(list -> list.queueNamePrefix(prefix).maxResults(1))
        .queueUrls().subscribe(found::add).join();

    Check.equal(found, urls);
    Check.fails(
        QueueDoesNotExistException.class,
        () -> queues.asyncSqs.purgeQueue(purge -> purge.queueUrl(urls.iterator().next() + "-missing")).join());
  }

  private static void all(List<? extends CompletableFuture<?>> futures) {
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
  }
}
