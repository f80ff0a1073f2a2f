import com.amazon.sqs.javamessaging.ProviderConfiguration;
import com.amazon.sqs.javamessaging.SQSConnection;
import com.amazon.sqs.javamessaging.SQSConnectionFactory;
import com.amazonaws.AmazonWebServiceRequest;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.handlers.RequestHandler2;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.AmazonSQSClientBuilder;
import com.amazonaws.services.sqs.model.CreateQueueRequest;
import com.amazonaws.services.sqs.model.ReceiveMessageRequest;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;

/**
 * Connections of the Java Messaging Library 1, which is javax.jms over the SDK for Java 1, here one that speaks the Query
 * protocol; and what JMS cannot do.
 */
final class Queues extends NewQueues {
  private final AmazonSQS sqs;

  Queues(String endpoint) {
    LogManager.getLogManager().reset(); // The library logs each message.
    sqs = AmazonSQSClientBuilder.standard()
        .withEndpointConfiguration(new EndpointConfiguration(endpoint, "us-east-1"))
        .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials("dummy", "dummy")))
        .withRequestHandlers(new ShortPolls())
        .build();
  }

  private static final class ShortPolls extends RequestHandler2 {
    @Override
    public AmazonWebServiceRequest beforeMarshalling(AmazonWebServiceRequest request) {
      if (request instanceof ReceiveMessageRequest receive && receive.getWaitTimeSeconds() != 0) {
        receive.setWaitTimeSeconds(POLL_SECONDS);
      }
      return request;
    }
  }

  @Override
  SQSConnection connect(int prefetched) throws Exception {
    var settings = new ProviderConfiguration().withNumberOfMessagesToPrefetch(prefetched);
    return new SQSConnectionFactory(settings, sqs).createConnection();
  }

  @Override
  void create(String name, Map<String, String> attributes) {
    sqs.createQueue(new CreateQueueRequest(name).withAttributes(attributes));
  }

  @Override
  String attribute(String name, String attribute) {
    var url = sqs.getQueueUrl(name).getQueueUrl();
    return sqs.getQueueAttributes(url, List.of(attribute)).getAttributes().get(attribute);
  }
}
