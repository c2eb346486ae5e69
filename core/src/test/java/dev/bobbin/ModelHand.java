package dev.bobbin;

import dev.bobbin.Model.Decision;
import dev.bobbin.Model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** What one worker thread does, and the decisions it has not been seen to carry out. */
final class ModelHand {
  private final Model model;
  private final JobQueue<?> queue;
  private final int life;
  private final int maxBatch;
  private final List<Decision> decisions = new ArrayList<>();

  ModelHand(Model model, JobQueue<?> queue, int life, int maxBatch) {
    this.model = model;
    this.queue = queue;
    this.life = life;
    this.maxBatch = maxBatch;
  }

  /** Those older than a batch are done when the worker comes back. */
  private void comesBack(int keep) {
    int done = decisions.size() - keep;
    if (done > 0) {
      List<Decision> old = decisions.subList(0, done);
      model.applied(life, old, queue.status().durability().flushes());
      old.clear();
    }
  }

  void allApplied() {
    comesBack(0);
  }

  private static Outcome wish(boolean batch) {
    int dice = ThreadLocalRandom.current().nextInt(100);
    if (batch) {
      return dice < 75
          ? Outcome.ACK
          : dice < 83
              ? Outcome.RETRY
              : dice < 90 ? Outcome.RETRY_AFTER : dice < 96 ? Outcome.SNOOZE : Outcome.REJECT;
    }
    return dice < 80 ? Outcome.ACK : Outcome.RETRY;
  }

  void handle(byte[] payload) {
    comesBack(maxBatch);
    Decision decision = model.deliver(life, payload, null, 0, wish(false), 0);
    obey(decision);
  }

  void handle(RawJob job) {
    comesBack(maxBatch);
    byte[] payload = new byte[job.length()];
    job.copyTo(payload, 0);
    Decision decision = model.deliver(life, payload, job.id(), job.attempt(), wish(false), 0);
    checkOptions(decision.job(), job.priority(), job.headers());
    obey(decision);
  }

  private void checkOptions(Model.Job job, Priority priority, Map<String, String> headers) {
    model.check(
        priority == job.options.priority() && headers.equals(job.options.headers()),
        job + " came with " + priority + " and " + headers + ", submitted: " + job.options);
  }

  private void obey(Decision decision) {
    decisions.add(decision);
    if (decision.outcome() != Outcome.ACK) {
      throw new IllegalStateException(reason(decision));
    }
  }

  /** The reason that the model expects, should this have been the last attempt. */
  private static String reason(Decision decision) {
    return decision.job().reason.isEmpty() ? "job failed" : decision.job().reason;
  }

  void handle(Batch<byte[]> batch) {
    comesBack(0);
    model.check(batch.size() <= maxBatch, "a batch of " + batch.size() + ", at most " + maxBatch);
    boolean throwing = ThreadLocalRandom.current().nextInt(20) == 0;
    for (Job<byte[]> job : batch) {
      Outcome wish = wish(true);
      long delay = ThreadLocalRandom.current().nextInt(15);
      Decision decision = model.deliver(life, job.payload(), job.id(), job.attempt(), wish, delay);
      decisions.add(decision);
      checkOptions(decision.job(), job.priority(), job.headers());
      Supplier<String> reason = () -> reason(decision);
      switch (decision.outcome()) {
        case ACK -> {
          // In a batch that throws, an ack has to be said; otherwise it goes without saying.
          if (throwing || delay % 2 == 0) {
            job.ack();
          }
        }
        case RETRY -> job.retry(reason.get());
        case RETRY_AFTER -> job.retry(Duration.ofMillis(delay), reason.get());
        case SNOOZE -> job.snooze(Duration.ofMillis(delay));
        case REJECT -> job.reject(reason.get());
      }
    }
    if (throwing) {
      throw new IllegalStateException("job batch");
    }
  }
}
