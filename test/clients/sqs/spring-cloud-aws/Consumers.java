import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.messaging.support.MessageBuilder;

/** What the listeners hear. */
final class Consumers {
  private final Queues queues;
  private final SqsTemplate template;
  private final Listeners listeners;

  Consumers(Queues queues, SqsTemplate template, Listeners listeners) {
    this.queues = queues;
    this.template = template;
    this.listeners = listeners;
  }

  @Case("a listener hears an object with its headers, and what it took is deleted")
  void single() throws Exception {
    template.send(to -> to.queue(Listeners.SINGLE).payload(new Order("oranges", 3)).header("buyer", "Zoë"));

    Check.equal(listeners.single.next(1), List.of("Order[item=oranges, count=3] for Zoë"));
    queues.becomesEmpty(Listeners.SINGLE);
  }

  @Case("a message whose listener fails comes again when its lease ends")
  void failing() throws Exception {
    template.send(Listeners.FAILING, "again");

    Check.equal(listeners.failing.next(2), List.of("again 1", "again 2"));
    queues.becomesEmpty(Listeners.FAILING);
    listeners.failing.nothingMore();
  }

  @Case("a message that always fails goes to the dead-letter queue, whose listener hears it")
  void poison() throws Exception {
    template.send(Listeners.POISON, "poison");

    Check.equal(listeners.poison.next(2), List.of("poison 1", "poison 2"));
    Check.equal(
        listeners.dead.next(1), List.of("poison of arn:aws:sqs:us-east-1:000000000000:" + Listeners.POISON));
    queues.becomesEmpty(Listeners.POISON);
    queues.becomesEmpty(Listeners.DEAD);
    listeners.poison.nothingMore();
  }

  @Case("a batch listener hears every message once")
  void batch() throws Exception {
    var bodies = IntStream.range(0, 25).mapToObj(Integer::toString).toList();

    for (var part : List.of(bodies.subList(0, 10), bodies.subList(10, 20), bodies.subList(20, 25))) {
      template.sendMany(Listeners.BATCH, part.stream().map(body -> MessageBuilder.withPayload(body).build()).toList());
    }

    Check.equal(Set.copyOf(listeners.batch.next(25)), Set.copyOf(bodies));
    queues.becomesEmpty(Listeners.BATCH);
    listeners.batch.nothingMore();
  }

  @Case("a message group goes on in order after a failure, and others do not wait for it")
  void fifo() throws Exception {
    for (var body : List.of("1", "2", "3")) {
      for (var group : List.of("a", "b")) {
        template.send(to -> to.queue(Listeners.FIFO).payload(body).messageGroupId(group));
      }
    }

    var heard = listeners.fifo.next(8);
    queues.becomesEmpty(Listeners.FIFO);
    for (var group : List.of("a", "b")) {
      var own = heard.stream().filter(text -> text.startsWith(group)).map(text -> text.substring(1, 2)).toList();
      Check.equal(own, List.of("1", "2", "2", "3"));
    }
  }

  @Case("a listener changes the visibility of its message, and acknowledges by itself")
  void manual() throws Exception {
    template.send(Listeners.MANUAL, "by hand");

    Check.equal(listeners.manual.next(2), List.of("by hand 1", "by hand 2"));
    queues.becomesEmpty(Listeners.MANUAL);
  }
}
