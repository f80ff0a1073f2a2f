import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real HTTP server on loopback, in the process of the cases; keeps what is posted, to be taken one by one. */
final class HttpEndpoint implements AutoCloseable {
  private static final int WAIT_SECONDS_MAX = 20;

  /** @param headers their names in lower case */
  record Post(String path, Map<String, String> headers, String body) {}

  private final LinkedBlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private final int status;

  /** @param status what it answers */
  HttpEndpoint(int status) throws IOException {
    this.status = status;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Post take() throws InterruptedException {
    var post = posts.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    Check.that(post != null, "something was posted");
    return post;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var headers = exchange.getRequestHeaders().entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().toLowerCase(), entry -> entry.getValue().get(0)));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
    posts.add(new Post(exchange.getRequestURI().toString(), headers, body));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
