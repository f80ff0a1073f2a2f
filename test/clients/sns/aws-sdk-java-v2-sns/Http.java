import com.amazonaws.SdkClientException;
import com.amazonaws.services.sns.message.SnsMessage;
import com.amazonaws.services.sns.message.SnsMessageManager;
import com.amazonaws.services.sns.message.SnsNotification;
import com.amazonaws.services.sns.message.SnsSubscriptionConfirmation;
import com.amazonaws.services.sns.message.SnsUnsubscribeConfirmation;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Every message is read by the SDK's message manager, which takes none whose signature it cannot verify. */
final class Http {
  private final World world;
  private final SnsMessageManager manager = new SnsMessageManager("us-east-1");

  Http(World world) {
    this.world = world;
  }

  private SnsMessage verified(String body) {
    return manager.parseMessage(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  private <T extends SnsMessage> T taken(Class<T> type, HttpEndpoint endpoint) throws InterruptedException {
    return type.cast(verified(endpoint.take().body()));
  }

  /** @return the ARN of the subscription, which the endpoint has confirmed by its token */
  private String subscribed(String topic, HttpEndpoint endpoint, Map<String, String> attributes) throws Exception {
    world.subscribe(topic, "http", endpoint.url() + "/hook?a=1", attributes);
    var token = taken(SnsSubscriptionConfirmation.class, endpoint).getToken();
    return world.sns.confirmSubscription(confirm -> confirm.topicArn(topic).token(token)).subscriptionArn();
  }

  @Case("the message manager confirms a subscription")
  void confirm() throws Exception {
    var topic = world.makeTopic();
    try (var endpoint = new HttpEndpoint(200)) {
      var answer = world.sns.subscribe(subscribe -> subscribe.topicArn(topic).protocol("http").endpoint(endpoint.url()));
      Check.equal(answer.subscriptionArn(), "pending confirmation");
      var confirmed = taken(SnsSubscriptionConfirmation.class, endpoint).confirmSubscription();
      world.publish(topic, "in time");
      Check.that(confirmed.getSubscriptionArn().startsWith(topic + ":"), "the answer names the subscription");
      Check.equal(taken(SnsNotification.class, endpoint).getMessage(), "in time");
    }
  }

  @Case("the message manager takes notifications in both versions of the signature, and no forged one")
  void signatures() throws Exception {
    var topic = world.makeTopic();
    try (var endpoint = new HttpEndpoint(200)) {
      var subscription = subscribed(topic, endpoint, Map.of());
      for (var version : List.of("1", "2")) {
        world.sns.setTopicAttributes(set -> set
            .topicArn(topic).attributeName("SignatureVersion").attributeValue(version));
        world.sns.publish(publish -> publish.topicArn(topic).subject("Fruit").message("Grüße\nof oranges 🍊"));
        var post = endpoint.take();
        var notification = (SnsNotification) verified(post.body());
        Check.equal(
            List.of(notification.getMessage(), notification.getSubject(), World.textOf(World.json(post.body()), "SignatureVersion")),
            List.of("Grüße\nof oranges 🍊", "Fruit", version));
        Check.equal(
            List.of(post.path(), post.headers().get("x-amz-sns-message-type"), post.headers().get("x-amz-sns-subscription-arn")),
            List.of("/hook?a=1", "Notification", subscription));
        Check.fails(SdkClientException.class, () -> verified(post.body().replace("oranges", "lemons")));
      }
    }
  }

  @Case("the link in a notification unsubscribes, and the endpoint hears of it")
  void unsubscribe() throws Exception {
    var topic = world.makeTopic();
    try (var endpoint = new HttpEndpoint(200)) {
      subscribed(topic, endpoint, Map.of());
      world.publish(topic, "the last one");
      var link = World.textOf(World.json(endpoint.take().body()), "UnsubscribeURL");
      var request = HttpRequest.newBuilder(URI.create(link)).build();
      Check.equal(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode(), 200);
      world.publish(topic, "nobody wants it");
      var ended = taken(SnsUnsubscribeConfirmation.class, endpoint);
      Check.that(ended.getMessage().contains("deactivate subscription"), "the message says what has ended");
    }
  }

  @Case("raw delivery posts the message itself")
  void raw() throws Exception {
    var topic = world.makeTopic();
    try (var endpoint = new HttpEndpoint(200)) {
      subscribed(topic, endpoint, World.RAW);
      world.publish(topic, "{\"order\":7}");
      var post = endpoint.take();
      Check.equal(List.of(post.body(), post.headers().get("x-amz-sns-rawdelivery")), List.of("{\"order\":7}", "true"));
    }
  }
}
