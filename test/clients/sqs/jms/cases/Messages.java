import com.amazon.sqs.javamessaging.message.SQSBytesMessage;
import com.amazon.sqs.javamessaging.message.SQSMessage;
import com.amazon.sqs.javamessaging.message.SQSObjectMessage;
import com.amazon.sqs.javamessaging.message.SQSTextMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The kinds of message, and what JMS writes into attributes. */
final class Messages {
  private static final byte[] RAW = {0, (byte) 137, (byte) 255};

  private final NewQueues queues;

  Messages(NewQueues queues) {
    this.queues = queues;
  }

  @Case("texts, bytes and objects come back as what they were")
  void kinds() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.AUTO)) {
      var destination = jms.session.createQueue(queue);
      var producer = jms.session.createProducer(destination);
      var consumer = jms.session.createConsumer(destination);

      producer.send(jms.session.createTextMessage("Zürich 😀\r\n<&>"));
      var text = (SQSTextMessage) consumer.receive(Jms.WAIT_MS);
      var outgoing = jms.session.createBytesMessage();
      outgoing.writeBytes(RAW);
      producer.send(outgoing);
      var bytes = (SQSBytesMessage) consumer.receive(Jms.WAIT_MS);
      var content = new byte[(int) bytes.getBodyLength()];
      bytes.readBytes(content);
      producer.send(jms.session.createObjectMessage(new ArrayList<>(List.of("an", "object"))));
      var object = (SQSObjectMessage) consumer.receive(Jms.WAIT_MS);

      Check.equal(text.getText(), "Zürich 😀\r\n<&>");
      Check.that(Arrays.equals(content, RAW), "the bytes are the same");
      Check.equal(object.getObject(), List.of("an", "object"));
    }
    Check.equal(queues.counts(queue), List.of("0", "0"));
  }

  @Case("properties keep their types, and the headers of JMS are there")
  void properties() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.AUTO)) {
      var producer = jms.session.createProducer(jms.session.createQueue(queue));
      var sent = jms.session.createTextMessage("with properties");
      sent.setStringProperty("text", "é");
      sent.setBooleanProperty("truth", true);
      sent.setByteProperty("tiny", (byte) -1);
      sent.setIntProperty("int", 70_000);
      sent.setLongProperty("long", Long.MAX_VALUE);
      sent.setDoubleProperty("double", 1.5);
      sent.setJMSCorrelationID("correlation");
      sent.setJMSReplyTo(jms.session.createQueue(queue));
      producer.send(sent);
      SQSMessage found = jms.receive(queue, 1).get(0);

      Check.equal(found.getStringProperty("text"), "é");
      Check.equal(
          List.of("truth", "tiny", "int", "long", "double").stream().map(name -> property(found, name)).toList(),
          List.of(true, (byte) -1, 70_000, Long.MAX_VALUE, 1.5));
      Check.equal(found.getJMSMessageID(), sent.getJMSMessageID());
      Check.equal(found.getJMSCorrelationID(), "correlation");
      Check.equal(found.getJMSReplyTo(), jms.session.createQueue(queue));
      Check.equal(List.of(found.getIntProperty("JMSXDeliveryCount"), found.getJMSRedelivered()), List.of(1, false));
    }
  }

  @Case("a receive that finds nothing gives nothing, at once or after its time")
  void nothing() throws Exception {
    var queue = queues.make(Map.of());
    try (var jms = new Jms(queues, Jms.AUTO)) {
      var consumer = jms.session.createConsumer(jms.session.createQueue(queue));

      Check.equal(consumer.receiveNoWait(), null);
      Check.equal(consumer.receive(300), null);
    }
  }

  private static Object property(SQSMessage message, String name) {
    try {
      return message.getObjectProperty(name);
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }
}
