import com.amazon.sqs.javamessaging.message.SQSTextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Message groups as JMS names them. */
final class Fifo {
  private final NewQueues queues;

  Fifo(NewQueues queues) {
    this.queues = queues;
  }

  @Case("a message group keeps its order, its duplicates are dropped, and the sequence number comes back")
  void order() throws Exception {
    var queue = queues.make(Map.of("FifoQueue", "true"));
    try (var jms = new Jms(queues, Jms.AUTO)) {
      var sent = new ArrayList<String>();
      for (var body : List.of("1", "2", "1", "3")) sent.add(send(jms, queue, "g", body));
      var messages = jms.receive(queue, 3);

      Check.equal(sent.get(2), sent.get(0));
      Check.equal(texts(messages), List.of("1", "2", "3"));
      Check.equal(messages.get(0).getStringProperty("JMSXGroupID"), "g");
      Check.equal(messages.get(0).getStringProperty("JMS_SQS_DeduplicationId"), "id-1");
      Check.equal(messages.get(0).getStringProperty("JMS_SQS_SequenceNumber"), sent.get(0));
    }
    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  @Case("a message group that was given back keeps its order")
  void givenBack() throws Exception {
    var queue = queues.make(Map.of("FifoQueue", "true"));
    try (var jms = new Jms(queues, Jms.CLIENT)) {
      for (var body : List.of("a1", "b1", "a2", "a3")) send(jms, queue, body.substring(0, 1), body);

      var first = jms.receive(queue, 1);
      jms.session.recover();
      var groupA = new ArrayList<String>();
      for (var text : texts(first)) Check.equal(text, "a1");
      for (int count = 0; count < 4; count++) {
        var message = jms.receive(queue, 1).get(0);
        if (message.getText().startsWith("a")) groupA.add(message.getText());
        message.acknowledge();
      }

      Check.equal(groupA, List.of("a1", "a2", "a3"));
    }
    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  /** @return its sequence number */
  private static String send(Jms jms, String queue, String group, String body) throws Exception {
    var producer = jms.session.createProducer(jms.session.createQueue(queue));
    var message = jms.session.createTextMessage(body);
    message.setStringProperty("JMSXGroupID", group);
    message.setStringProperty("JMS_SQS_DeduplicationId", "id-" + body);
    producer.send(message);
    producer.close();
    return message.getStringProperty("JMS_SQS_SequenceNumber");
  }

  private static List<String> texts(List<SQSTextMessage> messages) throws Exception {
    var texts = new ArrayList<String>();
    for (var message : messages) texts.add(message.getText());
    return texts;
  }
}
