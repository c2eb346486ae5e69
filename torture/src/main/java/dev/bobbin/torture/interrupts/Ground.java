package dev.bobbin.torture.interrupts;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Durability;
import dev.bobbin.JobQueue;
import dev.bobbin.Limits;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueOptions;
import dev.bobbin.QueueStatus;
import dev.bobbin.RetryPolicy;
import dev.bobbin.SubmitResult;
import dev.bobbin.VerifyReport;
import dev.bobbin.WorkOptions;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A queue whose callers are interrupted, and what they need besides. Owned by the thread of the
 * campaign, which makes one call at a time on another thread.
 */
final class Ground {
  static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final int MOST_JOBS = 48;

  /** So many are there only if they are small. */
  private static final int MANY_JOBS = 400;

  /** What its queue is like. */
  record Kind(boolean onDirectory, Durability durability, State state) {}

  /** What those who call find. */
  enum State {
    /** Workers keep up: takers wait. */
    FLOWING,
    /** Nobody works: takers find jobs, and submits wait for room. */
    UNATTENDED,
    /** There is room for no further job, and nobody gets one. */
    FULL_OF_JOBS,
    /** There is room for no further byte, and nobody gets a job. */
    FULL_OF_BYTES;

    boolean isPaused() {
      return this == FULL_OF_JOBS || this == FULL_OF_BYTES;
    }
  }

  final Report report;
  final Ledger ledger;
  final Handlers handlers;

  /** A directory that nobody has open, with one queue. */
  final Path side;

  private final Kind kind;
  private final Path folder;
  private final QueueOptions options;
  private Bobbin bobbin;
  private JobQueue<String> queue;
  private boolean bobbinClosed;
  private boolean queueClosed;

  Ground(Kind kind, Path folder, Report report) {
    this.kind = kind;
    this.folder = folder;
    this.report = report;
    this.ledger = new Ledger(report);
    this.handlers = new Handlers(ledger, report);
    this.side = folder.resolve("side");
    this.options =
        SMALL
            .withDurability(kind.durability())
            .withSubmitTimeout(QueueCalls.FOREVER)
            .withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(3))
            .withLimits(
                kind.state() == State.FULL_OF_BYTES
                    ? new Limits(MANY_JOBS, 64 << 10)
                    : Limits.DEFAULT.withJobs(MOST_JOBS));
    try (Bobbin beside = Bobbin.open(side)) {
      beside.queue("side", Codec.text(), SMALL).submit("one");
    }
    this.bobbin = openBobbin();
    this.queue = openQueue();
  }

  @Override
  public String toString() {
    return "a queue "
        + (kind.onDirectory() ? "on a directory" : "in memory")
        + ", "
        + kind.durability()
        + ", "
        + kind.state();
  }

  Bobbin bobbin() {
    return bobbin;
  }

  JobQueue<String> queue() {
    return queue;
  }

  /** Whether workers and takers get nothing. */
  boolean isPaused() {
    return kind.state().isPaused();
  }

  Path nextNewSide(int number) {
    return folder.resolve("new-" + number);
  }

  private Bobbin openBobbin() {
    return kind.onDirectory() ? Bobbin.open(folder.resolve("main")) : Bobbin.inMemory();
  }

  private JobQueue<String> openQueue() {
    JobQueue<String> opened = bobbin.queue("main", Codec.text(), options);
    if (isPaused()) {
      opened.pause();
    }
    if (kind.state() != State.UNATTENDED) {
      startWorkers(opened);
    }
    return opened;
  }

  private void startWorkers(JobQueue<String> at) {
    WorkOptions one = WorkOptions.workers(1).batch(Ledger.BATCH).threadsFrom(handlers);
    at.work(one, handlers::one);
    at.workBatches(one, handlers::batch);
    at.workRaw(one, handlers::raw);
  }

  // What calls may do to it.

  /** In memory a queue that is closed is gone, with its jobs: there, nothing is done. */
  void closeQueue(Consumer<JobQueue<String>> close, boolean atOnce) {
    if (kind.onDirectory()) {
      queueClosed = true;
      ledger.closing(atOnce);
      close.accept(queue);
    }
  }

  /** As {@link #closeQueue}. */
  void closeBobbin(Consumer<Bobbin> close, boolean atOnce) {
    if (kind.onDirectory()) {
      bobbinClosed = true;
      ledger.closing(atOnce);
      close.accept(bobbin);
    }
  }

  /** Puts right what a call has changed: closed, drained, paused, not full any more. */
  void restore() {
    if (bobbinClosed) {
      bobbin = openBobbin();
    }
    if (bobbinClosed || queueClosed) {
      queue = openQueue();
      ledger.opened();
      report.count("closed and opened again");
    }
    bobbinClosed = false;
    queueClosed = false;
    queue.resume();
    if (isPaused()) {
      queue.pause();
    }
    if (kind.state() != State.FLOWING) {
      fill(ledger::offer);
    }
  }

  /** Submits until there is no room; returns how many were accepted. */
  private int fill(Supplier<String> offers) {
    int accepted = 0;
    while (true) {
      String job = offers.get();
      SubmitResult result = queue.trySubmit(job);
      if (!result.accepted()) {
        ledger.refused(job);
        return accepted;
      }
      ledger.accepted(job);
      accepted++;
    }
  }

  // What must be so at the end.

  /** Works off what there is and compares. */
  void check() throws IOException {
    restore();
    startWorkers(queue);
    awaitEmpty();
    checkRoom();
    awaitEmpty();
    List<String> dead = dead();
    if (kind.onDirectory()) {
      bobbin.close();
      VerifyReport found = Maintenance.verify(folder.resolve("main"));
      if (!found.isHealthy()) {
        report.fault(this + ": damaged at the end: " + found);
      }
      bobbin = openBobbin();
      queue = openQueue();
      startWorkers(queue);
      awaitEmpty();
      if (!dead.equals(dead())) {
        report.fault(this + ": other dead letters after opening again");
      }
    }
    ledger.checkAllEnded(dead, toString());
    bobbin.close();
  }

  /** Of an empty queue. A worker that was about to look when it was paused may take a batch. */
  private void checkRoom() {
    queue.pause();
    int expected = kind.state() == State.FULL_OF_BYTES ? MANY_JOBS : MOST_JOBS;
    long deadline = System.nanoTime() + LIMIT_NANOS;
    fill(ledger::offerSmall);
    while (queue.status().unfinished() != expected) {
      if (System.nanoTime() - deadline > 0) {
        long room = queue.status().unfinished();
        report.fault(this + ": room for " + room + " jobs at the end, expected " + expected);
        return;
      }
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
      fill(ledger::offerSmall);
    }
  }

  private List<String> dead() {
    List<String> payloads = new ArrayList<>();
    queue
        .deadLetters()
        .forEach(letter -> payloads.add(new String(letter.payload(), StandardCharsets.UTF_8)));
    return payloads;
  }

  private void awaitEmpty() {
    queue.resume();
    long deadline = System.nanoTime() + LIMIT_NANOS;
    QueueStatus status = queue.status();
    while (status.unfinished() > 0 || status.limits().jobs() != 0 || status.limits().bytes() != 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            this + ": not empty after a long time: " + status + ", " + status.limits());
      }
      queue.awaitIdle(Duration.ofSeconds(1));
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
      status = queue.status();
    }
  }

  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
