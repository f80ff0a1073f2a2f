import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What the README shows is run as it stands; its address is in the environment. */
final class Readme {
  private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final int RUN_SECONDS_MAX = 30;

  private final Queues queues;

  Readme(Queues queues) {
    this.queues = queues;
  }

  @Case("the README's program sends, receives and deletes")
  void program() throws Exception {
    var block = BLOCK.matcher(Files.readString(Path.of(System.getenv("GANTRY_ROOT"), "README.md")));
    Check.that(block.find(), "the README has a block in Java");
    var folder = Temporary.folder("gantry-readme-");
    var source = folder.resolve("Orders.java");
    Files.writeString(source, block.group(1));

    Check.equal(run(source, queues.endpoint), "one crate of oranges");
    Temporary.remove(folder);
    Check.equal(queues.counts(queues.endpoint + "/000000000000/orders-java"), List.of("0", "0"));
  }

  /** `java Orders.java`, with the class path that we have. */
  private static String run(Path source, String endpoint) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");
    var command = List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classPath, source.toString());
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    var credentials = Map.of("AWS_ACCESS_KEY_ID", "any", "AWS_SECRET_ACCESS_KEY", "any");
    builder.environment().putAll(credentials);
    builder.environment().putAll(Map.of("AWS_ENDPOINT_URL", endpoint, "AWS_REGION", "us-east-1"));
    var program = builder.start();
    program.onExit().orTimeout(RUN_SECONDS_MAX, TimeUnit.SECONDS).exceptionally(late -> program.destroyForcibly());
    var output = new String(program.getInputStream().readAllBytes()).trim();
    Check.equal(program.waitFor(), 0);
    return output;
  }
}
