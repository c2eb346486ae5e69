package dev.bobbin.torture.clocks;

import dev.bobbin.torture.Report;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sees that the queues' own threads sleep while nothing is due, whatever the clock has done. */
final class Rest {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int LOOKS = 10;

  private Rest() {}

  /** A thread that is busy at each of several looks is not just finishing something. */
  static void check(Report report) {
    int busy = 0;
    while (busy < LOOKS && isBusy()) {
      busy++;
    }
    if (busy == LOOKS) {
      report.fault("the queues' threads do not come to rest");
    }
  }

  private static boolean isBusy() {
    long cpu = cpuNanos();
    long from = System.nanoTime();
    while (System.nanoTime() - from < LOOK_NANOS) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return cpuNanos() - cpu > (System.nanoTime() - from) / 4;
  }

  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    Thread[] all = new Thread[group.activeCount() + 8];
    int count = group.enumerate(all);
    long nanos = 0;
    for (int i = 0; i < count; i++) {
      if (all[i].getName().startsWith("bobbin-")) {
        nanos += Math.max(0, threads.getThreadCpuTime(all[i].getId()));
      }
    }
    return nanos;
  }
}
