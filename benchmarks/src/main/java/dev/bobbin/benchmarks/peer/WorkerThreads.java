package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Threads for queues that bring none: each runs a loop over one receiver until it is told to stop.
 */
final class WorkerThreads {
  /** What a worker does until {@link #stopping}, or until it is interrupted. */
  interface Loop {
    void run(Receiver receiver) throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;
  private volatile @Nullable Throwable problem;

  void start(List<Receiver> receivers, Loop loop) {
    for (Receiver receiver : receivers) {
      Thread thread = new Thread(() -> run(receiver, loop), "worker-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void run(Receiver receiver, Loop loop) {
    try {
      loop.run(receiver);
    } catch (Throwable e) {
      if (!stopping) {
        problem = e;
        System.err.println(Thread.currentThread().getName() + " ended with " + e);
      }
    }
  }

  boolean stopping() {
    return stopping;
  }

  /** Ends the loops, by an interrupt too if {@code interrupt}, and waits for them. */
  void stop(boolean interrupt) {
    stopping = true;
    for (Thread thread : threads) {
      if (interrupt) {
        thread.interrupt();
      }
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable found = problem;
    if (found != null) {
      throw new IllegalStateException("a worker ended with " + found, found);
    }
  }
}
