package dev.bobbin.internal.work;

import dev.bobbin.BobbinException;
import dev.bobbin.WorkOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Makes and starts the threads of a group; says what is wrong with those of a user's factory. */
final class Recruiting {
  private Recruiting() {}

  /**
   * A thread for each worker, not started.
   *
   * @throws BobbinException if the factory does not make one
   */
  static List<Thread> threads(String queue, WorkOptions options, List<? extends Runnable> workers) {
    List<Thread> threads = new ArrayList<>();
    for (Runnable worker : workers) {
      String which = which(threads.size(), workers.size(), queue);
      ThreadFactory factory = options.threads();
      if (factory == null) {
        Thread thread = new Thread(worker, "bobbin-" + queue + "-worker-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
      } else {
        threads.add(checked(newThread(factory, worker, which), which));
      }
    }
    return threads;
  }

  private static @Nullable Thread newThread(ThreadFactory factory, Runnable worker, String which) {
    try {
      return factory.newThread(worker);
    } catch (Throwable e) {
      throw new BobbinException(
          "WorkOptions.threads failed to make the thread of " + which + "; no worker was started",
          e);
    }
  }

  private static Thread checked(@Nullable Thread thread, String which) {
    if (thread == null || thread.getState() != Thread.State.NEW) {
      throw new BobbinException(
          "WorkOptions.threads must return a new thread for "
              + which
              + ", which is started later; found "
              + (thread == null ? "null" : thread + " in state " + thread.getState())
              + "; no worker was started");
    }
    return thread;
  }

  /**
   * Starts all of them.
   *
   * @throws BobbinException if one cannot be started; those before it were
   */
  static void start(String queue, List<Thread> threads) {
    for (int i = 0; i < threads.size(); i++) {
      try {
        threads.get(i).start();
      } catch (Throwable e) {
        throw new BobbinException(
            "cannot start the thread of "
                + which(i, threads.size(), queue)
                + "; none is left running. Is the process out of threads?",
            e);
      }
    }
  }

  private static String which(int index, int workers, String queue) {
    return "worker " + (index + 1) + " of " + workers + " of queue " + queue;
  }
}
