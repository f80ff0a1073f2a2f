import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.model.Endpoint;
import software.amazon.awssdk.services.sns.model.EndpointDisabledException;

final class PhonesAndDevices {
  private final World world;

  PhonesAndDevices(World world) {
    this.world = world;
  }

  private String application() {
    return world.sns.createPlatformApplication(create -> create
        .name(world.newName()).platform("GCM").attributes(Map.of("PlatformCredential", "secret of the provider")))
        .platformApplicationArn();
  }

  private String device(String application, String token) {
    return world.sns.createPlatformEndpoint(create -> create.platformApplicationArn(application).token(token)).endpointArn();
  }

  /** The one message that has gone to it, as tests of people read it. */
  private List<String> sent(String page, String member, String parameter, String receiver)
      throws IOException, InterruptedException {
    var query = parameter + "=" + URLEncoder.encode(receiver, StandardCharsets.UTF_8);
    var request = HttpRequest.newBuilder(URI.create(world.endpoint + "/_aws/sns/" + page + "?" + query)).build();
    var body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    var messages = World.json(body).get(member).asObject().get(receiver).asArray();
    Check.equal(messages.size(), 1);
    var message = messages.get(0).asObject();
    return List.of(World.textOf(message, "MessageId"), World.textOf(message, "Message"));
  }

  @Case("a message to a device is seen in the outbox")
  void device() throws Exception {
    var device = device(application(), "device-1");
    var id = world.sns.publish(publish -> publish.targetArn(device).message("ding")).messageId();
    var seen = sent("platform-endpoint-messages", "platform_endpoint_messages", "endpointArn", device);
    Check.equal(seen, List.of(id, "ding"));
  }

  @Case("devices are made once and listed")
  void devices() {
    var application = application();
    var made = List.of(device(application, "a"), device(application, "b"));
    Check.equal(device(application, "a"), made.get(0));
    var listed = world.sns.listEndpointsByPlatformApplicationPaginator(list -> list.platformApplicationArn(application))
        .endpoints().stream().map(Endpoint::endpointArn);
    Check.equal(listed.sorted().toList(), made.stream().sorted().toList());
  }

  @Case("a device that is disabled is not published to")
  void disabled() {
    var device = device(application(), "device-1");
    world.sns.setEndpointAttributes(set -> set.endpointArn(device).attributes(Map.of("Enabled", "false")));
    Check.fails(
        EndpointDisabledException.class, () -> world.sns.publish(publish -> publish.targetArn(device).message("ding")));
  }

  @Case("a message to a phone is seen in the outbox")
  void phone() throws Exception {
    var id = world.sns.publish(publish -> publish.phoneNumber("+15551234567").message("to you")).messageId();
    Check.equal(sent("sms-messages", "sms_messages", "phoneNumber", "+15551234567"), List.of(id, "to you"));
  }
}
