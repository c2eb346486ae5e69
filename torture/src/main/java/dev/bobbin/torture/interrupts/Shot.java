package dev.bobbin.torture.interrupts;

import dev.bobbin.BobbinException;
import dev.bobbin.RefusedException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call and one interrupt. Every public call leaves the interrupt flag as it found it, so
 * whenever the interrupt came, the flag is set when both are through.
 */
final class Shot implements Runnable {
  private static final long LIMIT_SECONDS = 120;

  /** How the interrupt comes. */
  enum Way {
    /** The flag is set already. */
    BEFORE,
    INTERRUPT,
    CANCEL,
    SHUTDOWN_NOW
  }

  private final Ground ground;
  private final Call call;
  private final Way way;
  private final SplittableRandom random;
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /** Set by the thread that interrupts when that is done. */
  private volatile boolean fired;

  // Written by the thread that calls; read when it is done, or to say where it hangs.
  private volatile @Nullable Thread thread;
  private volatile @Nullable Throwable thrown;
  private boolean duringCall;
  private boolean flagAtEnd;
  private boolean flagAtLast;

  Shot(Ground ground, Call call, Way way, SplittableRandom random) {
    this.ground = ground;
    this.call = call;
    this.way = way;
    this.random = random;
  }

  /** Makes the call and the interrupt, and judges; false if the call hangs. */
  boolean fire(ExecutorService threads, long delayNanos) throws InterruptedException {
    ExecutorService executor =
        way == Way.SHUTDOWN_NOW ? Executors.newSingleThreadExecutor() : threads;
    Future<?> future = executor.submit(this);
    began.await();
    long from = System.nanoTime();
    while (System.nanoTime() - from < delayNanos) {
      LockSupport.parkNanos(this, Math.min(50_000, delayNanos));
    }
    switch (way) {
      case BEFORE -> {}
      case INTERRUPT -> interrupt(thread);
      case CANCEL -> future.cancel(true);
      case SHUTDOWN_NOW -> executor.shutdownNow();
    }
    fired = true;
    if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      Thread stuck = thread;
      fault("hangs: " + (stuck == null ? "" : Arrays.toString(stuck.getStackTrace())));
      return false;
    }
    judge();
    return true;
  }

  private static void interrupt(@Nullable Thread thread) {
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    if (way == Way.BEFORE) {
      Thread.currentThread().interrupt();
    }
    began.countDown();
    try {
      call.body().run(ground, random);
    } catch (Throwable e) {
      thrown = e;
    }
    flagAtEnd = Thread.currentThread().isInterrupted();
    while (!fired) {
      Thread.onSpinWait();
    }
    flagAtLast = Thread.interrupted();
    duringCall = way != Way.BEFORE && flagAtEnd;
    done.countDown();
  }

  private void judge() {
    ground.report.count("interrupts");
    if (duringCall) {
      ground.report.count("of them during the call");
    } else if (way == Way.BEFORE) {
      ground.report.count("of them before it");
    }
    if (!flagAtLast || (way == Way.BEFORE && !flagAtEnd)) {
      fault("swallowed the interrupt");
    }
    Throwable problem = thrown;
    if (problem == null) {
      return;
    }
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedChannelException) {
        fault("closed a file: " + problem);
        return;
      }
    }
    if (problem.getCause() instanceof InterruptedException) {
      ground.report.count("calls that an interrupt ended with an exception");
      if (!flagAtEnd) {
        fault("ended by an interrupt and lost the flag: " + problem);
      }
    }
    if (!isDocumented(problem)) {
      fault("threw " + problem + " " + Arrays.toString(problem.getStackTrace()));
    }
  }

  /**
   * A refusal for want of room, or the word that the wait for the disk was interrupted, which is
   * for those who wait for it.
   */
  private static boolean isDocumented(Throwable problem) {
    if (problem instanceof RefusedException refused) {
      return switch (refused.refusal()) {
        case JOB_LIMIT, BYTE_LIMIT, DISK_SLOW -> true;
        default -> false;
      };
    }
    return problem instanceof BobbinException && problem.getCause() instanceof InterruptedException;
  }

  private void fault(String what) {
    ground.report.fault(ground + ": " + call + ", interrupted by " + way + ": " + what);
  }
}
