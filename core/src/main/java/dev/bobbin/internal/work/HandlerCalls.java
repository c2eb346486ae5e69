package dev.bobbin.internal.work;

import dev.bobbin.BatchHandler;
import dev.bobbin.JobHandler;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How a worker hands the jobs of a batch to its handler. Whatever the handler throws is what became
 * of its jobs, an {@link Error} too; and no interrupt that was meant for one call reaches the next.
 */
interface HandlerCalls<T> {
  /** Has the jobs handled, and says how far it came. */
  void call(JobBatch<T> jobs, Hold hold, @Nullable CallGuard guard);

  /** Each job in a call of its own. */
  static <T> HandlerCalls<T> oneByOne(JobHandler<? super T> handler) {
    return (jobs, hold, guard) -> {
      for (int i = 0; i < jobs.size() && !hold.isUrgent(); i++) {
        try {
          begin(guard);
          handler.handle(jobs.payload(i));
          end(guard);
        } catch (Throwable e) {
          String error = error(guard, e);
          if (hold.isShutDown()) {
            // The job is not to blame: it stays as it is.
            break;
          }
          jobs.fail(i, error);
          // Whoever takes the batch away and sees this job done, sees its outcome.
          VarHandle.releaseFence();
        }
        Thread.interrupted();
        hold.progress(i + 1);
      }
    };
  }

  /** All jobs in one call. */
  static <T> HandlerCalls<T> whole(BatchHandler<T> handler) {
    return (jobs, hold, guard) -> {
      if (hold.isUrgent()) {
        return;
      }
      try {
        begin(guard);
        handler.handle(jobs);
        end(guard);
      } catch (Throwable e) {
        String error = error(guard, e);
        if (hold.isShutDown()) {
          return;
        }
        jobs.failRest(error);
        VarHandle.releaseFence();
      }
      Thread.interrupted();
      hold.progress(jobs.size());
    };
  }

  static void begin(@Nullable CallGuard guard) {
    if (guard != null) {
      guard.begin();
    }
  }

  static void end(@Nullable CallGuard guard) {
    if (guard != null) {
      guard.end();
    }
  }

  /** Ends a call that threw; returns what is said of it. */
  static String error(@Nullable CallGuard guard, Throwable thrown) {
    return guard != null && guard.end() ? guard.describe(thrown) : Unacked.describe(thrown);
  }
}
