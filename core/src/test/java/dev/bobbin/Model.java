package dev.bobbin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plain model that {@link ModelTest} holds a queue against: every job, and what it may do next.
 * A handler asks {@link #deliver} what to do with a job; that is where a delivery is checked.
 * Guarded by itself.
 */
final class Model {
  static final RetryPolicy RETRIES =
      RetryPolicy.exponential(Duration.ofMillis(4))
          .upTo(Duration.ofMillis(12))
          .jittered(0.5)
          .attempts(4);

  /** After so many flush cycles an outcome that was carried out has reached the journal. */
  private static final long CYCLES = 5;

  enum State {
    /** Its submit has not returned. */
    SUBMITTED,
    REFUSED,
    LIVE,
    ACKED,
    DEAD
  }

  enum Outcome {
    ACK,
    RETRY,
    RETRY_AFTER,
    SNOOZE,
    REJECT
  }

  /** One job. Its payload follows from the seed and its number. */
  static final class Job {
    final long number;
    final byte[] payload;
    State state = State.SUBMITTED;
    JobId id;

    /** The attempt of the next delivery lies between them; they differ after a crash only. */
    int lowest = 1;

    int highest = 1;

    /** What it was submitted with. */
    JobOptions options = JobOptions.NONE;

    /** Whether a second job with its key must be kept out for as long as this one is live. */
    boolean keyKnown;

    /** The next delivery comes no earlier. */
    long dueMillis;

    String reason = "";

    /** Counts the outcomes that handlers gave it. */
    int decision;

    /** Whether the last of them has been carried out, and the cycle in which that was seen. */
    boolean applied = true;

    long appliedCycle;

    /** A crash may have undone its finish, or not. */
    boolean maybeGone;

    Job(long number, byte[] payload) {
      this.number = number;
      this.payload = payload;
    }

    @Override
    public String toString() {
      return "job "
          + number
          + " ("
          + payload.length
          + " bytes, "
          + state
          + ", attempt "
          + lowest
          + ".."
          + highest
          + (maybeGone ? ", maybe gone" : "")
          + ")";
    }
  }

  /** An outcome that a handler is about to give. */
  record Decision(Job job, Outcome outcome, long delayMillis, int number) {}

  private final long seed;
  private final int maxPayload;
  private final Map<Long, Job> jobs = new HashMap<>();
  private final Map<JobId, Job> byId = new HashMap<>();
  private final Map<Integer, Job> shortJobs = new HashMap<>();
  private final Set<Job> unfinished = new HashSet<>();
  private long nextNumber;
  private long deliveries;
  private String fault = "";

  /** Which life of the queue may deliver; others are over and end their handlers. */
  private int life;

  private boolean frozen;

  Model(long seed, int maxPayload) {
    this.seed = seed;
    this.maxPayload = maxPayload;
  }

  /** Thrown in the handlers of a life that is over. */
  static final class Over extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  // The driver's side.

  /** A new job, known before its submit begins. Short payloads name a job by their length alone. */
  synchronized Job newJob(int size) {
    int length = Math.min(size, maxPayload);
    if (length < 8) {
      Job before = shortJobs.get(length);
      if (before != null && before.state != State.REFUSED) {
        length = 8;
      }
    }
    Job job = new Job(nextNumber, payload(nextNumber, length));
    jobs.put(nextNumber++, job);
    if (length < 8) {
      shortJobs.put(length, job);
    }
    unfinished.add(job);
    return job;
  }

  private byte[] payload(long number, int length) {
    byte[] bytes = new byte[length];
    long state = seed ^ number;
    for (int i = 0; i < length; i++) {
      if (i % 8 == 0) {
        state = mix(state);
      }
      bytes[i] = (byte) (length >= 8 && i < 8 ? number >>> i * 8 : state >>> i % 8 * 8);
    }
    return bytes;
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  synchronized void accepted(Job job, JobId id) {
    if (job.state == State.SUBMITTED) {
      job.state = State.LIVE;
    }
    job.keyKnown = job.options.key() != null && id != null;
    if (id != null) {
      identify(job, id);
    }
  }

  synchronized void refused(Job job) {
    check(job.state == State.SUBMITTED, job + " was refused, but delivered before");
    job.state = State.REFUSED;
    unfinished.remove(job);
  }

  private void identify(Job job, JobId id) {
    check(job.id == null || job.id.equals(id), job + " had the id " + job.id + ", now " + id);
    Job other = byId.putIfAbsent(id, job);
    check(other == null || other == job, "id " + id + " stands for " + job + " and for " + other);
    job.id = id;
  }

  /** A dead letter was retried: the job begins again. */
  synchronized void revived(Job job) {
    job.state = State.LIVE;
    job.keyKnown = false;
    job.lowest = 1;
    job.highest = 1;
    job.dueMillis = 0;
    job.reason = "";
    unfinished.add(job);
  }

  /** A dead letter was deleted: it is done with. */
  synchronized void purged(Job job) {
    job.state = State.ACKED;
  }

  /** Jobs that must be there. */
  synchronized long certain() {
    return unfinished.stream().filter(job -> !job.maybeGone).count();
  }

  /** Jobs that may be there. */
  synchronized long possible() {
    return unfinished.size();
  }

  synchronized List<Job> dead() {
    return jobs.values().stream().filter(job -> job.state == State.DEAD).toList();
  }

  /** Live jobs whose keys are known. */
  synchronized List<Job> keyed() {
    return unfinished.stream()
        .filter(job -> job.keyKnown && job.state == State.LIVE && !job.maybeGone)
        .toList();
  }

  /** Dead letters, and those that a crash may have brought back to life. */
  synchronized long possiblyDead() {
    return dead().size()
        + unfinished.stream().filter(job -> job.maybeGone && !job.reason.isEmpty()).count();
  }

  synchronized long deliveries() {
    return deliveries;
  }

  synchronized String fault() {
    return fault;
  }

  synchronized List<Job> someUnfinished() {
    return unfinished.stream().limit(10).toList();
  }

  /** Waits for so many deliveries in all, or until nothing certain is left; false if too late. */
  synchronized boolean await(long deliveriesInAll, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (deliveries < deliveriesInAll && certain() > 0 && fault.isEmpty()) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  /** From now on handlers wait, so that the files can be copied as a crash would leave them. */
  synchronized void freeze() {
    frozen = true;
  }

  /**
   * The process died after {@code cycle} cycles: outcomes that were given and not carried out may
   * have come to nothing, and finishes of the last moments may have been forgotten.
   */
  synchronized void crashed(long cycle) {
    for (Job job : jobs.values()) {
      if (job.state == State.ACKED && !(job.applied && cycle - job.appliedCycle >= CYCLES)) {
        // Its copies may be gone too, and then it comes back as any of its attempts.
        job.lowest = 1;
        job.maybeGone = true;
      } else if (job.state == State.DEAD && !job.applied) {
        job.maybeGone = true;
      } else if (job.state == State.LIVE && !job.applied) {
        job.lowest = Math.max(1, job.lowest - 1);
      } else {
        continue;
      }
      job.state = State.LIVE;
      job.dueMillis = 0;
      // What is uncertain is said by the attempts now, and not a second time at the next crash.
      job.applied = true;
      unfinished.add(job);
    }
    newLife();
  }

  /** The queue was closed in order: everything was carried out. */
  synchronized void closed() {
    jobs.values().forEach(job -> job.applied = true);
    jobs.values().stream().filter(j -> j.state == State.ACKED).forEach(this::forget);
    newLife();
  }

  /** What is durable can be forgotten, so that a short payload may be used again. */
  private void forget(Job job) {
    job.appliedCycle = Long.MIN_VALUE / 2;
    shortJobs.remove(job.payload.length, job);
  }

  /** Recovery knows better than the model which of the uncertain jobs are there. */
  synchronized void nothingIsLeft() {
    List<Job> gone = unfinished.stream().filter(job -> job.maybeGone).toList();
    for (Job job : gone) {
      unfinished.remove(job);
      job.maybeGone = false;
      job.state = job.reason.isEmpty() ? State.ACKED : State.DEAD;
    }
  }

  /** The queue was in memory and is gone. */
  synchronized void forgotten() {
    jobs.clear();
    byId.clear();
    shortJobs.clear();
    unfinished.clear();
    newLife();
  }

  private void newLife() {
    life++;
    frozen = false;
    notifyAll();
  }

  synchronized int life() {
    return life;
  }

  // The handlers' side.

  void check(boolean holds, String message) {
    if (!holds) {
      fail(message);
    }
  }

  synchronized void fail(String message) {
    if (fault.isEmpty()) {
      fault = message;
    }
    notifyAll();
  }

  /**
   * A handler holds {@code payload}.
   *
   * @param attempt 0 if the handler is not told
   * @param wish what it would like to do; the answer says what it has to do
   */
  synchronized Decision deliver(
      int ofLife, byte[] payload, JobId id, int attempt, Outcome wish, long delayMillis) {
    awaitThaw(ofLife);
    deliveries++;
    notifyAll();
    Job job = find(payload);
    if (job == null || !java.util.Arrays.equals(job.payload, payload)) {
      fail("delivered " + payload.length + " bytes that were never submitted, nearest: " + job);
      throw new Over();
    }
    if (job.state != State.LIVE && job.state != State.SUBMITTED) {
      fail(job + " was delivered as attempt " + attempt);
    }
    if (System.currentTimeMillis() < job.dueMillis) {
      fail(job + " came " + (job.dueMillis - System.currentTimeMillis()) + " ms early");
    }
    if (attempt != 0) {
      check(
          attempt >= job.lowest && attempt <= job.highest,
          job + " was delivered as attempt " + attempt);
      job.lowest = attempt;
      job.highest = attempt;
    }
    if (id != null) {
      identify(job, id);
    }
    job.state = State.LIVE;
    job.maybeGone = false;
    job.reason = "";
    // Which attempt this is must be known before the job may fail.
    Outcome outcome = job.lowest == job.highest ? wish : Outcome.ACK;
    decide(job, outcome, delayMillis);
    return new Decision(job, outcome, delayMillis, job.decision);
  }

  private void awaitThaw(int ofLife) {
    boolean interrupted = false;
    while (frozen && ofLife == life) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (ofLife != life) {
      throw new Over();
    }
  }

  private Job find(byte[] payload) {
    if (payload.length < 8) {
      return shortJobs.get(payload.length);
    }
    long number = 0;
    for (int i = 0; i < 8; i++) {
      number |= (payload[i] & 0xFFL) << i * 8;
    }
    return jobs.get(number);
  }

  private void decide(Job job, Outcome outcome, long delayMillis) {
    job.decision++;
    job.applied = false;
    boolean fails = outcome == Outcome.RETRY || outcome == Outcome.RETRY_AFTER;
    if (outcome == Outcome.ACK) {
      job.state = State.ACKED;
      unfinished.remove(job);
    } else if (outcome == Outcome.REJECT || (fails && job.lowest == RETRIES.maxAttempts())) {
      job.state = State.DEAD;
      job.reason = reason(job, job.lowest);
      unfinished.remove(job);
    } else {
      long delay =
          outcome == Outcome.RETRY ? RETRIES.delayAfter(job.lowest, 1.0).toMillis() : delayMillis;
      job.dueMillis = System.currentTimeMillis() + delay;
      if (fails) {
        job.lowest++;
        job.highest++;
      }
    }
  }

  static String reason(Job job, int attempt) {
    return "job " + job.number + " attempt " + attempt;
  }

  /** The worker that made these decisions has come back for more, {@code cycle} cycles have run. */
  synchronized void applied(int ofLife, List<Decision> decisions, long cycle) {
    if (ofLife != life || frozen) {
      return;
    }
    for (Decision decision : decisions) {
      Job job = decision.job;
      if (job.decision == decision.number) {
        job.applied = true;
        job.appliedCycle = cycle;
      }
    }
  }

  /** Dead letters as they are listed. */
  synchronized List<String> deadLetters() {
    List<String> letters = new ArrayList<>();
    for (Job job : jobs.values()) {
      if (job.state == State.DEAD) {
        letters.add(letter(job.number, job.lowest, job.reason, job.payload));
      }
    }
    return letters;
  }

  /** How {@link #deadLetters} would show this one. */
  synchronized String letter(DeadLetter letter) {
    Job job = find(letter.payload());
    if (job == null) {
      return "unknown: " + letter;
    }
    identify(job, letter.id());
    check(
        letter.headers().equals(job.options.headers()),
        "the dead letter of " + job + " has the headers " + letter.headers());
    return letter(job.number, letter.attempts(), letter.reason(), letter.payload());
  }

  private static String letter(long number, int attempts, String reason, byte[] payload) {
    // Handlers that throw put the exception's name in front.
    String own = reason.substring(Math.max(0, reason.indexOf("job ")));
    return number + " after " + attempts + ": " + own + ", " + java.util.Arrays.hashCode(payload);
  }
}
