package dev.bobbin.cli.run;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueStatus;
import dev.bobbin.RecoveryReport;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.cli.ExitCode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One run from the first line of input to the summary. Returns the exit status. */
final class Run implements Callable<Integer> {
  private static final long TICK_MILLIS = 100;

  private final Settings settings;
  private final Terminal terminal;
  private final Summary summary;
  private final Stop stop = new Stop();
  private final long startNanos = System.nanoTime();

  Run(Settings settings, Terminal terminal) {
    this.settings = settings;
    this.terminal = terminal;
    this.summary = new Summary(settings.dir());
  }

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Executable.require(settings.command().get(0), System.getenv("PATH"));
    try (Bobbin bobbin = settings.dir() == null ? Bobbin.inMemory() : Bobbin.open(settings.dir())) {
      JobQueue<byte[]> queue = bobbin.queue("run", Codec.bytes(), settings.queueOptions());
      sayRecovered(queue.recovery());
      Signals.handle(this::stopGently, Run::stopAtOnce);
      Feeder feeder = feeder(queue);
      CommandRunner command = new CommandRunner(settings, terminal);
      Workers workers =
          queue.workBatches(
              WorkOptions.workers(settings.workers()).batch(settings.batch()),
              new BatchRunner(command, !settings.stdin(), stop));
      stop.whenRequested(workers::stop);
      feeder.start();
      waitForTheEnd(queue, feeder);
      workers.close();
      Snapshot end = snapshot(queue.status(), feeder, queue.recovery());
      List<DeadLetter> dead = queue.deadLetters().list(Summary.DEAD_LETTERS_SHOWN);
      long deadBefore = queue.recovery().dead();
      queue.close();
      return conclude(end, feeder, deadBefore, dead);
    }
  }

  private Feeder feeder(JobQueue<byte[]> queue) {
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    return new Feeder(
        new LineReader(in, settings.delimiter(), Settings.MAX_JOB_BYTES), queue, stop, terminal);
  }

  private void sayRecovered(RecoveryReport report) {
    if (report.unfinished() > 0 && !settings.quiet()) {
      terminal.say(
          Snapshot.say(
              "recovered %d unfinished jobs (%d ready, %d delayed)",
              report.unfinished(), report.ready(), report.delayed()));
    }
  }

  /**
   * Looks a few times a second: a queue tells how it stands, and does not call when it is empty.
   */
  private void waitForTheEnd(JobQueue<byte[]> queue, Feeder feeder)
      throws InterruptedException, ExecutionException {
    CompletableFuture<Void> end = new CompletableFuture<>();
    stop.whenRequested(() -> end.complete(null));
    ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    try (Progress progress = settings.quiet() ? Progress.none() : Progress.on(terminal)) {
      Runnable look =
          () -> {
            try {
              look(queue, feeder, progress, end);
            } catch (RuntimeException e) {
              end.completeExceptionally(e);
            }
          };
      ScheduledFuture<?> ticks =
          ticker.scheduleAtFixedRate(look, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
      end.get();
      ticks.cancel(false);
      ticker.shutdown();
      ticker.awaitTermination(1, TimeUnit.MINUTES);
    } finally {
      ticker.shutdownNow();
    }
  }

  private void look(
      JobQueue<byte[]> queue, Feeder feeder, Progress progress, CompletableFuture<Void> end) {
    // Asked in this order, an empty queue after the end of the input stays empty.
    boolean inputEnded = feeder.ended();
    QueueStatus status = queue.status();
    progress.show(snapshot(status, feeder, queue.recovery()));
    status.failure().ifPresent(cause -> stop.request("the queue has failed: " + cause));
    if (inputEnded && status.unfinished() == 0) {
      end.complete(null);
    }
  }

  private Snapshot snapshot(QueueStatus status, Feeder feeder, RecoveryReport recovery) {
    long total = feeder.ended() ? recovery.unfinished() + feeder.accepted() : -1;
    return new Snapshot(status, total, Duration.ofNanos(System.nanoTime() - startNanos));
  }

  private int conclude(Snapshot end, Feeder feeder, long deadBefore, List<DeadLetter> dead) {
    QueueStatus status = end.status();
    if (status.counts().dead() > 0) {
      summary.deadLetters(status.counts().dead(), deadBefore, dead).forEach(terminal::say);
    }
    if (!settings.quiet()) {
      terminal.say(summary.numbers(end));
    }
    String stopped = stop.reason();
    if (stopped != null) {
      terminal.say(stopped);
    }
    if (stopped != null || feeder.failed()) {
      String read = Snapshot.say("%,d jobs of the input were accepted; ", feeder.accepted());
      terminal.say(read + summary.left(status.unfinished()));
      return ExitCode.FAILED;
    }
    return status.counts().dead() > 0 ? ExitCode.DEAD_LETTERS : ExitCode.OK;
  }

  private void stopGently() {
    if (stop.request("stopped by a signal before the end")) {
      terminal.say("stopping: the commands in hand finish first; Ctrl-C again stops at once");
    }
  }

  /** Nothing is said here: the lock on the terminal may be held by a write that does not end. */
  private static void stopAtOnce() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(ExitCode.FAILED);
  }
}
