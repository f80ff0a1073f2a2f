import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The real built broker in a process of its own, on a free port, in a temporary folder. */
final class RunningBroker {
  private static final Pattern READY = Pattern.compile("^Gantry ready.*?(http://\\S+)");
  /** Its log is one JSON object a line; an error, or anything else, is a defect that some client provoked. */
  private static final Pattern HARMLESS = Pattern.compile("^\\{\"level\":\"(trace|debug|info|warn)\",.*");

  private static final int READY_MS_MAX = 30_000;
  private static final int STOP_SECONDS_MAX = 20;

  private final Path folder;
  private Process process;
  private String endpoint;

  private RunningBroker(Path folder) {
    this.folder = folder;
  }

  static RunningBroker start() {
    return start("");
  }

  /** @param config the text of its gantry.yaml, empty for none */
  static RunningBroker start(String config) {
    try {
      var broker = new RunningBroker(Temporary.folder("gantry-test-"));
      if (!config.isEmpty()) Files.writeString(broker.config(), config);
      broker.launch("0");
      return broker;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  String endpoint() {
    return endpoint;
  }

  /** Ends the process without a word. */
  void crash() {
    process.destroyForcibly().onExit().join();
  }

  /** On the same port, with what is on the disk. */
  void startAgain() throws IOException {
    launch(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }

  /** @return what it should not have said or done */
  List<String> stop() {
    var complaints = new ArrayList<String>();
    try {
      process.destroy();
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
      if (process.exitValue() != 0) complaints.add("exit code " + process.exitValue());
      for (var line : Files.readAllLines(log())) {
        if (!HARMLESS.matcher(line).matches()) complaints.add(line);
      }
      Temporary.remove(folder);
    } catch (IOException | InterruptedException error) {
      complaints.add(error.toString());
    }
    return complaints;
  }

  private void launch(String port) throws IOException {
    var command = new ArrayList<>(List.of(System.getenv("GANTRY_NODE"), System.getenv("GANTRY_MAIN")));
    command.addAll(List.of("serve", "--host", "127.0.0.1", "--http-port", port));
    command.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    if (Files.exists(config())) command.addAll(List.of("--config", config().toString()));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("GANTRY_"));
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    process.getOutputStream().close();
    endpoint = readyAddress(process.inputReader());
  }

  private String readyAddress(BufferedReader output) throws IOException {
    var watchdog = new Timer(true);
    watchdog.schedule(new TimerTask() {
      @Override public void run() {
        process.destroyForcibly();
      }
    }, READY_MS_MAX);
    var line = output.readLine();
    watchdog.cancel();
    var match = READY.matcher(line == null ? "" : line);
    if (match.find()) return match.group(1);
    process.destroyForcibly();
    throw new IOException("the broker did not become ready: " + line + Files.readString(log()));
  }

  private Path config() {
    return folder.resolve("gantry.yaml");
  }

  private Path log() {
    return folder.resolve("stderr");
  }
}
