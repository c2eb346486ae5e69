package dev.bobbin.internal.work;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What workers have to say in the log of the application, if it has SLF4J. */
final class Notice {
  private Notice() {}

  /** A handler has outlasted its lease. */
  static void stuck(
      String queue, String thread, long millis, int jobs, List<StackTraceElement> stack) {
    StringBuilder trace = new StringBuilder();
    for (StackTraceElement call : stack) {
      trace.append("\n\tat ").append(call);
    }
    String text =
        "queue "
            + queue
            + ": the handler on "
            + thread
            + " has not returned for "
            + millis
            + " ms; its lease has ended, "
            + jobs
            + " jobs go to others. It is doing this:"
            + trace;
    // Said on the timing thread, which must not run what an application does with its log: that may
    // be slow, or submit to this very queue.
    Thread speaker = new Thread(() -> warn(text, null), "bobbin-notice");
    speaker.setDaemon(true);
    try {
      speaker.start();
    } catch (OutOfMemoryError e) {
      // No thread left for it; status and Workers.stuck() say the same.
    }
  }

  /** A worker has met an error that is not its handler's. */
  static void workerFailed(String queue, Throwable error) {
    warn("queue " + queue + ": a worker failed and begins again; its batch goes to others", error);
  }

  private static void warn(String text, @Nullable Throwable error) {
    try {
      Slf4j.warn(text, error);
    } catch (LinkageError e) {
      // The application has no SLF4J; status and Workers.stuck() say the same.
    }
  }

  /** Apart, so that nobody who has no SLF4J loads it. */
  private static final class Slf4j {
    static void warn(String text, @Nullable Throwable error) {
      LoggerFactory.getLogger("dev.bobbin").warn(text, error);
    }
  }
}
