package dev.bobbin.torture;

import java.time.Duration;
import java.util.Map;

/**
 * Ends the process of a campaign that stands still, with a fault and with what every thread is
 * waiting for: the campaign itself would never say a word.
 */
public final class Watchdog implements AutoCloseable {
  private final Thread thread;

  /** {@code most} is how long the report's figures may stay as they are. */
  public Watchdog(Report report, Duration most) {
    thread = new Thread(() -> watch(report, most), "watchdog");
    thread.setDaemon(true);
  }

  public void begin() {
    thread.start();
  }

  private static void watch(Report report, Duration most) {
    try {
      String before;
      String now = report.text();
      do {
        before = now;
        Thread.sleep(most.toMillis());
        now = report.text();
      } while (!now.equals(before));
    } catch (InterruptedException e) {
      // It ended.
      return;
    }
    System.out.println("  " + report.text());
    System.out.println("  FAULT nothing has happened for " + most.toSeconds() + " s; threads:");
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      System.out.println("    " + one.getKey());
      for (StackTraceElement frame : one.getValue()) {
        System.out.println("        " + frame);
      }
    }
    System.out.flush();
    Runtime.getRuntime().halt(Campaign.FAILED);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
