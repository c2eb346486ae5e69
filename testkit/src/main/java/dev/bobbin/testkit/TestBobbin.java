package dev.bobbin.testkit;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Capability;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.local.Home;
import dev.bobbin.internal.local.LocalBobbin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Bobbin} whose clock stands still until the test sets it: a retry in an hour is tested
 * without waiting for an hour.
 *
 * <pre>{@code
 * try (TestBobbin bobbin = TestBobbin.inMemory()) {
 *   JobQueue<String> mails = bobbin.queue("mails", Codec.text());
 *   mails.work(1, mailer::send);
 *   mails.submit("ada@example.org", Duration.ofHours(1));
 *   bobbin.advance(Duration.ofHours(1));
 *   bobbin.awaitIdle(Duration.ofSeconds(10));
 *   // the mail is sent
 * }
 * }</pre>
 *
 * <p>The clock decides about jobs: due times, retries, times to live, deduplication windows,
 * leases, handlers' time-outs, throttles. How long a call waits at most ({@link
 * QueueOptions#submitTimeout}, {@link JobQueue#take}, {@code close}, {@link #awaitIdle}), how often
 * the journal is flushed, and what is only measured for the status go by real time. The clock
 * begins at the real time, in whole milliseconds.
 *
 * <p>Workers run on threads of their own, as in production. Thread-safe.
 */
public final class TestBobbin implements Bobbin {
  private final LocalBobbin bobbin;
  private final @Nullable Home home;
  private final ManualTime time;

  private TestBobbin(LocalBobbin bobbin, @Nullable Home home, ManualTime time) {
    this.bobbin = bobbin;
    this.home = home;
    this.time = time;
  }

  /** Queues in memory: nothing survives. */
  public static TestBobbin inMemory() {
    ManualTime time = new ManualTime();
    return new TestBobbin(LocalBobbin.in(null, time), null, time);
  }

  /**
   * Queues in a directory, as {@link Bobbin#open}.
   *
   * @throws BobbinException as {@link Bobbin#open}
   */
  public static TestBobbin onDirectory(Path directory) {
    ManualTime time = new ManualTime();
    return new TestBobbin(LocalBobbin.open(directory, time), null, time);
  }

  /**
   * Queues on a disk that fails on command. The clock is the disk's: it goes on where the {@code
   * TestBobbin} before left it.
   *
   * @throws IllegalStateException if the disk is in use
   */
  public static TestBobbin on(TestDisk disk) {
    Home home = disk.mount();
    return new TestBobbin(LocalBobbin.in(home, disk.time), home, disk.time);
  }

  // The clock.

  /** What the clock says. */
  public Instant now() {
    return time.now();
  }

  /**
   * The clock goes on. When this returns, leases that are over have ended, and delayed jobs that
   * are due are on their way to the workers. To wait for the handlers use {@link #awaitIdle}.
   *
   * @param by zero or more
   */
  public void advance(Duration by) {
    time.advance(by);
    settle();
  }

  /**
   * Sets the wall clock, forward or back, as somebody with a wrong clock does: jobs that are due by
   * then are handed out as by {@link #advance}; leases and whatever else is a length of time do not
   * notice.
   */
  public void setTime(Instant to) {
    time.set(to);
    settle();
  }

  private void settle() {
    try {
      bobbin.awaitTimer(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns when in no queue of this {@code Bobbin} a job is ready, in flight or due. Delayed jobs
   * that are not due by the clock may remain, and so may dead letters.
   *
   * @param realTimeLimit by the real clock
   * @throws AssertionError if that is not so within {@code realTimeLimit}, if a queue has stopped
   *     after an error, or if the thread is interrupted, which leaves its interrupt flag set; it
   *     says what is where
   */
  public void awaitIdle(Duration realTimeLimit) {
    long deadline = System.nanoTime() + realTimeLimit.toNanos();
    try {
      do {
        if (!bobbin.awaitTimer(deadline - System.nanoTime())) {
          throw notIdle("within " + realTimeLimit, null);
        }
        for (JobQueue<?> queue : bobbin.openQueues()) {
          awaitIdle(queue, deadline, realTimeLimit);
        }
        if (bobbin.isIdle()) {
          return;
        }
      } while (deadline - System.nanoTime() > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notIdle("when the thread was interrupted", e);
    }
    throw notIdle("within " + realTimeLimit, null);
  }

  private void awaitIdle(JobQueue<?> queue, long deadline, Duration limit) {
    long left = Math.max(0, deadline - System.nanoTime());
    if (!queue.awaitIdle(Duration.ofNanos(left))) {
      Optional<Throwable> failure = queue.status().failure();
      String when = Thread.currentThread().isInterrupted() ? "when interrupted" : "within " + limit;
      throw notIdle(when, failure.orElse(null));
    }
  }

  private AssertionError notIdle(String when, @Nullable Throwable cause) {
    StringBuilder text = new StringBuilder("not idle " + when + ":");
    for (JobQueue<?> queue : bobbin.openQueues()) {
      text.append("\n  ").append(Figures.describe(queue.status()));
    }
    text.append("\nDo the queues have workers, and do their handlers return?");
    return new AssertionError(text.toString(), cause);
  }

  // What every Bobbin has.

  @Override
  public <T> JobQueue<T> queue(String name, Codec<T> codec, QueueOptions options) {
    return bobbin.queue(name, codec, options);
  }

  @Override
  public List<String> queueNames() {
    return bobbin.queueNames();
  }

  @Override
  public Optional<StoredQueue> storedQueue(String name) {
    return bobbin.storedQueue(name);
  }

  @Override
  public Set<Capability> capabilities() {
    return bobbin.capabilities();
  }

  /**
   * As {@link Bobbin#close}. If its disk has died ({@link TestDisk#machineDeath}), it ends the
   * threads and reports nothing.
   */
  @Override
  public void close() {
    quietlyIfDead(bobbin::close);
  }

  @Override
  public void close(Duration timeout) {
    quietlyIfDead(() -> bobbin.close(timeout));
  }

  private void quietlyIfDead(Runnable close) {
    try {
      close.run();
    } catch (BobbinException e) {
      if (!TestDisk.isDead(home)) {
        throw e;
      }
    }
  }
}
