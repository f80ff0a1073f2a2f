import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a listener was called with, handed from its thread to the case that waits for it. */
final class Heard {
  private static final int WAIT_SECONDS = 20;

  private final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();

  void add(String text) {
    texts.add(text);
  }

  List<String> next(int count) throws InterruptedException {
    var next = new ArrayList<String>();
    while (next.size() < count) {
      var text = texts.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      Check.that(text != null, "after " + next + " more is heard");
      next.add(text);
    }
    return next;
  }

  void nothingMore() {
    Check.equal(List.copyOf(texts), List.of());
  }
}
