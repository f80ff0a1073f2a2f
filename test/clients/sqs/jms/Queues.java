import com.amazon.sqs.javamessaging.ProviderConfiguration;
import com.amazon.sqs.javamessaging.SQSConnection;
import com.amazon.sqs.javamessaging.SQSConnectionFactory;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** Connections of the Java Messaging Library 2, which is jakarta.jms over the SDK for Java 2; and what JMS cannot do. */
final class Queues extends NewQueues {
  private final SqsClient sqs;

  Queues(String endpoint) {
    sqs = SqsClient.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")))
        .overrideConfiguration(override -> override.addExecutionInterceptor(new ShortPolls()))
        .build();
  }

  private static final class ShortPolls implements ExecutionInterceptor {
    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
      if (!(context.request() instanceof ReceiveMessageRequest receive) || receive.waitTimeSeconds() == 0) {
        return context.request();
      }
      return receive.toBuilder().waitTimeSeconds(POLL_SECONDS).build();
    }
  }

  @Override
  SQSConnection connect(int prefetched) throws Exception {
    var settings = new ProviderConfiguration().withNumberOfMessagesToPrefetch(prefetched);
    return new SQSConnectionFactory(settings, sqs).createConnection();
  }

  @Override
  void create(String name, Map<String, String> attributes) {
    sqs.createQueue(create -> create.queueName(name).attributesWithStrings(attributes));
  }

  @Override
  String attribute(String name, String attribute) {
    var url = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
    var found = sqs.getQueueAttributes(get -> get.queueUrl(url).attributeNamesWithStrings(attribute));
    return found.attributesAsStrings().get(attribute);
  }
}
