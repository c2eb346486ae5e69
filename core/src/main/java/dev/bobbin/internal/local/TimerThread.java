package dev.bobbin.internal.local;

import dev.bobbin.internal.watch.Watch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that watches the clock for all queues: it loads due jobs and the backlog, ends
 * leases and calls of handlers whose time is over, and has queues that move looked at once a
 * second. It reads files and never writes one, so a slow force does not delay due jobs. While
 * nothing is due and nothing moves it is parked.
 */
final class TimerThread implements Runnable {
  private final List<QueueCore> queues = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * Something happened since the last turn began. Set by anyone, cleared at the start of a turn.
   */
  private volatile boolean woken;

  TimerThread(String name) {
    thread = new Thread(this, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void wake() {
    // A look first: the flag's line is shared by everybody who wakes this thread.
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  void add(QueueCore queue) {
    queues.add(queue);
    wake();
  }

  /** On return this thread touches the queue no more. */
  void remove(QueueCore queue) {
    queues.remove(queue);
    queue.stopLoading();
  }

  void stop() {
    stopping = true;
    woken = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (stopped.getCount() > 0 && Thread.currentThread() != thread) {
      try {
        stopped.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        woken = false;
        long sleep = TimeUnit.DAYS.toNanos(1);
        for (QueueCore queue : queues) {
          sleep = Math.min(sleep, queue.turn());
        }
        sleep = Math.min(sleep, watchOne());
        if (sleep > 0 && !woken) {
          LockSupport.parkNanos(this, sleep);
        }
      }
    } finally {
      stopped.countDown();
    }
  }

  /**
   * Looks at one queue for which it is time, so that a thousand of them do not delay due jobs;
   * returns for how many nanoseconds none is left.
   */
  private long watchOne() {
    long now = System.nanoTime();
    long sleep = Long.MAX_VALUE;
    QueueCore due = null;
    for (QueueCore queue : queues) {
      long nanos = queue.nanosToWatch(now);
      if (nanos > 0) {
        sleep = Math.min(sleep, nanos);
      } else if (due == null) {
        due = queue;
      } else {
        sleep = 0;
      }
    }
    if (due != null) {
      due.watch(now);
      sleep = Math.min(sleep, Watch.INTERVAL_NANOS);
    }
    return sleep;
  }
}
