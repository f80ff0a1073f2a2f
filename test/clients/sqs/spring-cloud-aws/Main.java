import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Judges the broker with Spring Cloud AWS as its starter configures it. */
final class Main {
  public static void main(String[] arguments) {
    Suite.run(broker -> {
      var queues = new Queues(broker.endpoint());
      queues.makeForListeners();
      var context = new SpringApplicationBuilder(Application.class)
          .web(WebApplicationType.NONE)
          .properties(
              "spring.main.banner-mode=off",
              "logging.level.root=off",
              "spring.cloud.aws.sqs.listener.poll-timeout=2s", // A stop waits for the polls to end.
              "spring.cloud.aws.endpoint=" + broker.endpoint(),
              "spring.cloud.aws.region.static=us-east-1",
              "spring.cloud.aws.credentials.access-key=dummy",
              "spring.cloud.aws.credentials.secret-key=dummy")
          .run();
      var template = context.getBean(SqsTemplate.class);
      var consumers = new Consumers(queues, template, context.getBean(Listeners.class));
      return List.of(new Template(queues, template, context.getBean(SqsAsyncClient.class)), consumers, context);
    });
  }
}
