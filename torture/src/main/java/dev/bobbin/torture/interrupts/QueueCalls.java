package dev.bobbin.torture.interrupts;

import static dev.bobbin.torture.interrupts.Call.to;

import dev.bobbin.BobbinException;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Priority;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Submitting, waiting and working. */
final class QueueCalls {
  /** Longer than anybody waits here: what an interrupt does not end, the campaign calls a hang. */
  static final Duration FOREVER = Duration.ofHours(1);

  private static final Duration MOMENT = Duration.ofMillis(5);

  private QueueCalls() {}

  static List<Call> all() {
    List<Call> calls = new ArrayList<>(submits());
    calls.addAll(waits());
    calls.addAll(work());
    return calls;
  }

  private static List<Call> submits() {
    return List.of(
        to("JobQueue.submit(Object)", (ground, random) -> submit(ground, JobQueue::submit)),
        to(
            "JobQueue.submit(Object,Duration)",
            (ground, random) -> submit(ground, (queue, job) -> queue.submit(job, MOMENT))),
        to(
            "JobQueue.submit(Object,JobOptions)",
            (ground, random) -> {
              JobOptions options = options(random.nextInt(8));
              submit(ground, (queue, job) -> queue.submit(job, keyed(options, job)));
            }),
        to("JobQueue.submitAll(Iterable)", (ground, random) -> submitAll(ground)),
        to(
            "JobQueue.trySubmit(Object)",
            (ground, random) -> trySubmit(ground, JobQueue::trySubmit)),
        to(
            "JobQueue.trySubmit(Object,JobOptions)",
            (ground, random) -> {
              JobOptions options = options(random.nextInt(8));
              trySubmit(ground, (queue, job) -> queue.trySubmit(job, keyed(options, job)));
            }),
        to("JobQueue.sync()", (ground, random) -> ground.queue().sync()));
  }

  private static JobOptions options(int kind) {
    JobOptions options =
        JobOptions.priority(
            (kind & 1) == 0 ? Priority.NORMAL : (kind & 2) == 0 ? Priority.HIGH : Priority.LOW);
    return (kind & 4) == 0 ? options : options.delayed(MOMENT).expiringAfter(FOREVER);
  }

  private static JobOptions keyed(JobOptions options, String job) {
    return options.keyed("job " + Ledger.number(job)).header("number", "" + Ledger.number(job));
  }

  private static void submit(Ground ground, BiConsumer<JobQueue<String>, String> how) {
    String job = ground.ledger.offer();
    try {
      how.accept(ground.queue(), job);
      ground.ledger.accepted(job);
    } catch (RefusedException e) {
      ground.ledger.refused(job);
      throw e;
    } catch (BobbinException e) {
      // It says that the job is queued; only when it reaches the disk is not known.
      ground.ledger.accepted(job);
      throw e;
    }
  }

  private static void submitAll(Ground ground) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      jobs.add(ground.ledger.offer());
    }
    long accepted = jobs.size();
    try {
      if (ground.queue().submitAll(jobs) != jobs.size()) {
        ground.report.fault("submitAll returned another number of jobs");
      }
    } catch (RefusedException e) {
      accepted = e.accepted();
      throw e;
    } finally {
      jobs.stream().limit(accepted).forEach(ground.ledger::accepted);
      jobs.stream().skip(accepted).forEach(ground.ledger::refused);
    }
  }

  static void trySubmit(Ground ground, BiFunction<JobQueue<String>, String, SubmitResult> how) {
    String job = ground.ledger.offer();
    try {
      if (how.apply(ground.queue(), job).accepted()) {
        ground.ledger.accepted(job);
      } else {
        ground.ledger.refused(job);
      }
    } catch (BobbinException e) {
      ground.ledger.accepted(job);
      throw e;
    }
  }

  private static List<Call> waits() {
    return List.of(
        to("JobQueue.pause()", (ground, random) -> ground.queue().pause()),
        to("JobQueue.resume()", (ground, random) -> ground.queue().resume()),
        to("JobQueue.drain(Duration)", (ground, random) -> ground.queue().drain(FOREVER)),
        to("JobQueue.awaitIdle(Duration)", (ground, random) -> ground.queue().awaitIdle(FOREVER)),
        to("JobQueue.status()", (ground, random) -> ground.queue().status()),
        to("JobQueue.close()", (ground, random) -> ground.closeQueue(JobQueue::close, false)),
        to(
            "JobQueue.close(Duration)",
            (ground, random) -> {
              Duration limit = random.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(1);
              ground.closeQueue(queue -> queue.close(limit), limit.isZero());
            }));
  }

  private static List<Call> work() {
    return List.of(
        to(
            "JobQueue.work(int,JobHandler); Workers.stop(); Workers.size(); Workers.stuck()",
            (ground, random) -> {
              Workers workers = ground.queue().work(1, ground.handlers::one);
              workers.size();
              workers.stuck();
              workers.stop();
            }),
        to(
            "JobQueue.work(WorkOptions,JobHandler); Workers.close()",
            (ground, random) ->
                ground.queue().work(WorkOptions.workers(2), ground.handlers::one).close()),
        to(
            "JobQueue.workBatches(WorkOptions,BatchHandler); Workers.close()",
            (ground, random) ->
                ground.queue().workBatches(WorkOptions.workers(1), ground.handlers::batch).close()),
        to(
            "JobQueue.workRaw(WorkOptions,RawHandler); Workers.close()",
            (ground, random) ->
                ground.queue().workRaw(WorkOptions.workers(1), ground.handlers::raw).close()));
  }
}
