package dev.bobbin.torture.interrupts;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Interrupts workers at random moments, and the queues' own threads as a launcher does that
 * interrupts all threads of a group, until it is told to end.
 */
final class Sniper extends Thread {
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final Pattern OWN = Pattern.compile("bobbin-(io|timer|open)");

  private final Handlers handlers;
  private final SplittableRandom random;
  private volatile boolean over;

  Sniper(Handlers handlers, SplittableRandom random) {
    super("sniper");
    setDaemon(true);
    this.handlers = handlers;
    this.random = random;
  }

  @Override
  public void run() {
    while (!over) {
      if (random.nextInt(16) == 0) {
        interruptOwn();
      } else {
        handlers.interruptOne(random.nextInt(1 << 10));
      }
      LockSupport.parkNanos(this, random.nextLong(LONGEST_PAUSE_NANOS) + 1);
    }
  }

  private void interruptOwn() {
    ThreadGroup group = getThreadGroup();
    Thread[] threads = new Thread[group.activeCount() + 8];
    int count = group.enumerate(threads);
    for (Thread thread : Arrays.copyOf(threads, count)) {
      if (OWN.matcher(thread.getName()).matches()) {
        thread.interrupt();
      }
    }
    handlers.report.count("interrupts of the queues' own threads");
  }

  void end() throws InterruptedException {
    over = true;
    join();
  }
}
