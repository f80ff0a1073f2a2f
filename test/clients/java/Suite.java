import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the {@link Case} methods of a suite side by side against one real broker, each with queues of its own, and ends
 * the process with the totals that the other suites end with as well.
 */
final class Suite {
  /** Most cases wait for the broker or for a lease to end, not for a processor. */
  private static final int CASES_AT_ONCE = 6;

  private static final int CASE_SECONDS_MAX = 40;

  private int passed = 0;
  private int failed = 0;

  /** Makes the objects that hold the cases; closes what they have open afterwards, where they are AutoCloseable. */
  interface Holders {
    List<?> make(RunningBroker broker) throws Exception;
  }

  static void run(Holders holders) {
    run("", holders);
  }

  /** @param config the text of the broker's gantry.yaml, empty for none */
  static void run(String config, Holders holders) {
    var suite = new Suite();
    var broker = RunningBroker.start(config);
    try {
      suite.runAll(holders.make(broker));
    } catch (Throwable error) {
      suite.tell("the set-up of the cases", error);
    }
    List<String> complaints = broker.stop();
    if (!complaints.isEmpty()) suite.tell("the broker ended badly", new AssertionError(complaints));
    System.out.printf("%d passed, %d failed, 0 skipped%n", suite.passed, suite.failed);
    System.out.flush();
    System.exit(suite.failed == 0 ? 0 : 1); // Whatever thread a client has left behind.
  }

  private void runAll(List<?> holders) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CASES_AT_ONCE);
    for (var running : startAll(holders, threads)) judge(running);
    threads.shutdownNow();
    for (var holder : holders) {
      if (holder instanceof AutoCloseable open) open.close();
    }
  }

  private record Running(String name, Future<?> end) {}

  private static List<Running> startAll(List<?> holders, ExecutorService threads) {
    var all = new ArrayList<Running>();
    for (var holder : holders) {
      Method[] methods = holder.getClass().getDeclaredMethods();
      Arrays.sort(methods, Comparator.comparing(Method::getName));
      for (var method : methods) {
        if (!method.isAnnotationPresent(Case.class)) continue;
        Callable<Object> body = () -> method.invoke(holder);
        var name = holder.getClass().getSimpleName() + ": " + method.getAnnotation(Case.class).value();
        all.add(new Running(name, threads.submit(body)));
      }
    }
    return all;
  }

  private void judge(Running running) throws InterruptedException {
    try {
      running.end.get(CASE_SECONDS_MAX, TimeUnit.SECONDS);
      passed++;
      System.out.println("ok: " + running.name);
    } catch (TimeoutException late) {
      running.end.cancel(true);
      tell(running.name, late);
    } catch (ExecutionException outer) {
      var cause = outer.getCause();
      tell(running.name, cause instanceof InvocationTargetException ? cause.getCause() : cause);
    }
  }

  private void tell(String name, Throwable error) {
    failed++;
    System.out.println("FAILED: " + name + ": " + error);
    for (var cause = error.getCause(); cause != null; cause = cause.getCause()) System.out.println("  because " + cause);
    for (var frame : error.getStackTrace()) {
      if (isOurs(frame)) System.out.println("  at " + frame);
    }
  }

  /** What the cases are written in has no package; the rest of a trace is the client's, and long. */
  private static boolean isOurs(StackTraceElement frame) {
    return !frame.getClassName().contains(".") && !frame.getClassName().equals("Suite");
  }
}
