import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/**
 * A certificate for AWS's own host name, which the message manager insists on, and a Java that trusts its authority and
 * finds that host on this machine.
 */
final class Tls implements AutoCloseable {
  static final String HOST = "sns.us-east-1.amazonaws.com";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final int port;

  private Tls(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Before anything looks a host up or opens a connection. */
  static Tls prepare() throws IOException, InterruptedException, GeneralSecurityException {
    var folder = Temporary.folder("gantry-test-");
    var hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost " + HOST + "\n");
    System.setProperty("jdk.net.hosts.file", hosts.toString());
    makeCertificate(folder);
    System.setProperty("javax.net.ssl.trustStore", trustStore(folder).toString());
    System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
    return new Tls(folder, freePort());
  }

  /** For the broker. */
  String config() {
    return """
        https-port: %d
        tls-cert: %s
        tls-key: %s
        sns-signing-cert-url: https://%s:%d
        """.formatted(port, folder.resolve("server.pem"), folder.resolve("server.key"), HOST, port);
  }

  private static void makeCertificate(Path folder) throws IOException, InterruptedException {
    var gantry = new ProcessBuilder(
        System.getenv("GANTRY_NODE"), System.getenv("GANTRY_MAIN"), "cert", "--out", folder.toString(), "--name", HOST);
    gantry.environment().keySet().removeIf(name -> name.startsWith("GANTRY_"));
    var code = gantry.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT)
        .start().waitFor();
    Check.equal(code, 0);
  }

  private static Path trustStore(Path folder) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var authority = Files.newInputStream(folder.resolve("ca.pem"))) {
      store.setCertificateEntry("gantry", CertificateFactory.getInstance("X.509").generateCertificate(authority));
    }
    var file = folder.resolve("trusted.p12");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
    return file;
  }

  /** The broker has to be told it before it starts: it stands in what is signed. */
  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    Temporary.remove(folder);
  }
}
