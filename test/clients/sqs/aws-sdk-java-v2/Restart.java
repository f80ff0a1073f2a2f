import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The SDK's repeats over an end without warning. */
final class Restart {
  private static final int ATTEMPTS_MAX = 100;
  private static final Duration PAUSE = Duration.ofMillis(100);

  @Case("a client repeats until the broker is there again, and finds what was acknowledged")
  void repeats() throws Exception {
    var broker = RunningBroker.start();
    try (var sqs = patientClient(broker.endpoint())) {
      var url = sqs.createQueue(create -> create.queueName("kept")).queueUrl();
      sqs.sendMessage(send -> send.queueUrl(url).messageBody("before"));

      broker.crash();
      var sending = CompletableFuture.runAsync(() -> sqs.sendMessage(send -> send.queueUrl(url).messageBody("after")));
      broker.startAgain();
      sending.get();

      var received = sqs.receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10));
      var bodies = received.messages().stream().map(message -> message.body()).sorted().toList();
      Check.equal(bodies, List.of("after", "before"));
    } finally {
      Check.equal(broker.stop(), List.of());
    }
  }

  private static SqsClient patientClient(String endpoint) {
    var repeats = StandardRetryStrategy.builder()
        .maxAttempts(ATTEMPTS_MAX)
        .backoffStrategy(BackoffStrategy.fixedDelayWithoutJitter(PAUSE))
        .circuitBreakerEnabled(false)
        .build();
    return Queues.configured(SqsClient.builder(), endpoint)
        .overrideConfiguration(override -> override.retryStrategy(repeats))
        .build();
  }
}
