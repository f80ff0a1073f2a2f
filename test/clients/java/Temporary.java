import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders in that of the whole run, which goes with it; Java by itself does not heed TMPDIR. */
final class Temporary {
  private Temporary() {}

  static Path folder(String prefix) throws IOException {
    var parent = System.getenv("TMPDIR");
    return parent == null ? Files.createTempDirectory(prefix) : Files.createTempDirectory(Path.of(parent), prefix);
  }

  static void remove(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
    }
  }
}
