package dev.bobbin.internal.local;

import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.watch.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
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

  /** The clock was set. Set by whoever sets it, cleared by this thread before it looks. */
  private volatile boolean stepped;

  /** Those who wait for a whole turn. */
  private final ConcurrentLinkedQueue<CountDownLatch> turnWaiters = new ConcurrentLinkedQueue<>();

  private final Runnable whenStepped = this::step;
  final Time time;

  TimerThread(String name, Time time) {
    this.time = time;
    thread = new OwnThread(this, name);
  }

  void start() {
    time.listen(whenStepped);
    thread.start();
  }

  void wake() {
    // A look first: the flag's line is shared by everybody who wakes this thread.
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  private void step() {
    stepped = true;
    wake();
  }

  /**
   * Waits for a whole turn that begins after this call; false if there is none within {@code
   * nanos}.
   */
  boolean awaitTurn(long nanos) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    turnWaiters.add(over);
    wake();
    return stopped.getCount() == 0 || over.await(nanos, TimeUnit.NANOSECONDS);
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
    time.forget(whenStepped);
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
        List<CountDownLatch> waiters = takeWaiters();
        if (stepped) {
          stepped = false;
          queues.forEach(QueueCore::clockStepped);
        }
        long sleep = TimeUnit.DAYS.toNanos(1);
        for (QueueCore queue : queues) {
          sleep = Math.min(sleep, queue.turn());
        }
        waiters.forEach(CountDownLatch::countDown);
        sleep = Math.min(sleep, watchOne());
        if (sleep > 0 && !woken) {
          LockSupport.parkNanos(this, sleep);
        }
      }
    } finally {
      stopped.countDown();
      takeWaiters().forEach(CountDownLatch::countDown);
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

  private List<CountDownLatch> takeWaiters() {
    if (turnWaiters.isEmpty()) {
      return List.of();
    }
    List<CountDownLatch> taken = new ArrayList<>();
    for (CountDownLatch one = turnWaiters.poll(); one != null; one = turnWaiters.poll()) {
      taken.add(one);
    }
    return taken;
  }
}
