import com.amazon.sqs.javamessaging.SQSConnection;
import com.amazon.sqs.javamessaging.SQSSession;
import com.amazon.sqs.javamessaging.message.SQSTextMessage;
import java.util.ArrayList;
import java.util.List;

/** A started connection and one session, closed together. */
final class Jms implements AutoCloseable {
  /** JMS's own numbers. */
  static final int AUTO = 1;

  static final int CLIENT = 2;
  /** The library's: each message is acknowledged for itself. */
  static final int UNORDERED = SQSSession.UNORDERED_ACKNOWLEDGE;

  static final int WAIT_MS = 5_000;

  final SQSConnection connection;
  final SQSSession session;

  Jms(NewQueues queues, int mode) throws Exception {
    this(queues, mode, 0);
  }

  Jms(NewQueues queues, int mode, int prefetched) throws Exception {
    connection = queues.connect(prefetched);
    session = (SQSSession) connection.createQueueSession(false, mode);
    connection.start();
  }

  void send(String queue, String... bodies) throws Exception {
    var producer = session.createProducer(session.createQueue(queue));
    for (var body : bodies) producer.send(session.createTextMessage(body));
    producer.close();
  }

  /** @return the next messages of the queue, which a consumer of their own took */
  List<SQSTextMessage> receive(String queue, int count) throws Exception {
    var consumer = session.createConsumer(session.createQueue(queue));
    var messages = new ArrayList<SQSTextMessage>();
    while (messages.size() < count) {
      var message = (SQSTextMessage) consumer.receive(WAIT_MS);
      Check.that(message != null, "message " + messages.size() + " of " + count + " comes");
      messages.add(message);
    }
    return messages;
  }

  @Override
  public void close() throws Exception {
    connection.close();
  }
}
