package dev.bobbin.cli.run;

import dev.bobbin.Batch;
import dev.bobbin.BatchHandler;
import dev.bobbin.Job;
import dev.bobbin.cli.run.CommandRunner.OutputLostException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Hands a batch to the command and gives every job its outcome: ack, retry, or reject where the
 * command can never be started with it. After a stop nothing is started any more, and what was not
 * done goes back without losing an attempt.
 */
final class BatchRunner implements BatchHandler<byte[]> {
  /** Exit statuses above it mean that a signal ended the command. */
  private static final int SIGNALLED = 128;

  private static final String DONE = "";
  private static final String NOT_RUN = "stopped";

  private final CommandRunner command;
  private final boolean arguments;
  private final Stop stop;

  BatchRunner(CommandRunner command, boolean arguments, Stop stop) {
    this.command = command;
    this.arguments = arguments;
    this.stop = stop;
  }

  @Override
  public void handle(Batch<byte[]> batch) throws InterruptedException {
    for (List<Job<byte[]>> chunk : Chunks.of(batch, arguments)) {
      runTogether(chunk);
    }
  }

  private void runTogether(List<Job<byte[]>> jobs) throws InterruptedException {
    if (jobs.size() == 1) {
      runAlone(jobs.get(0));
    } else if (run(jobs).equals(DONE)) {
      jobs.forEach(Job::ack);
    } else {
      // One of them is to blame, and only that one shall lose an attempt.
      for (Job<byte[]> job : jobs) {
        runAlone(job);
      }
    }
  }

  private void runAlone(Job<byte[]> job) throws InterruptedException {
    String unfit = arguments ? Chunks.unfitAsArgument(job.payload()) : "";
    if (!unfit.isEmpty()) {
      job.reject(unfit);
      return;
    }
    String problem = run(List.of(job));
    if (problem.equals(DONE)) {
      job.ack();
    } else if (problem.equals(NOT_RUN)) {
      job.snooze(Duration.ZERO);
    } else {
      job.retry(problem);
    }
  }

  /** Runs the command and returns {@link #DONE}, {@link #NOT_RUN} or what went wrong. */
  private String run(List<Job<byte[]>> jobs) throws InterruptedException {
    if (stop.requested()) {
      return NOT_RUN;
    }
    try {
      int status = command.run(jobs.stream().map(Job::payload).toList());
      // Whoever stops us often signals the command too: then it is not the jobs' fault.
      boolean interrupted = status > SIGNALLED && stop.requested();
      return status == 0 ? DONE : interrupted ? NOT_RUN : "exit status " + status;
    } catch (OutputLostException e) {
      stop.request("cannot pass on what the command prints: " + e.getMessage());
      return NOT_RUN;
    } catch (IOException e) {
      return "could not be started: " + e.getMessage();
    }
  }
}
