import java.util.Objects;
import java.util.concurrent.CompletionException;

/** What a case says of what it found. */
final class Check {
  private Check() {}

  static void equal(Object found, Object expected) {
    if (!Objects.equals(found, expected)) throw new AssertionError("found " + found + " instead of " + expected);
  }

  static void that(boolean isSo, String statement) {
    if (!isSo) throw new AssertionError("it is not so that " + statement);
  }

  interface Body {
    void run() throws Exception;
  }

  /** @return the error of that type with which the body ends; a future's wrapping is taken off */
  static <E extends Throwable> E fails(Class<E> type, Body body) {
    try {
      body.run();
    } catch (Throwable error) {
      var inner = error instanceof CompletionException ? error.getCause() : error;
      if (type.isInstance(inner)) return type.cast(inner);
      throw new AssertionError("found " + inner + " instead of " + type.getSimpleName(), inner);
    }
    throw new AssertionError("no " + type.getSimpleName());
  }
}
