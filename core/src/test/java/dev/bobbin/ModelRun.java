package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One run of {@link ModelTest}: the driver's thread submits and restarts, workers come and go. A
 * crash is a copy of the files while the handlers stand still and the rest of the queue does not
 * know.
 *
 * <p>Long, because it is one driver: every step may close or crash the queue that the others use.
 */
final class ModelRun {
  private static final int STEPS = Integer.getInteger("bobbin.steps", 300);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MAX_PAYLOAD = 4096;
  private static final int RING = 256 << 10;

  private final long seed;
  private final Random random;
  private final Model model;
  private final List<Group> groups = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private final Path temp;
  private Path directory;
  private int directories;
  private long jobLimit;
  private Bobbin bobbin;
  private JobQueue<byte[]> queue;

  ModelRun(long seed, Path temp) {
    this.seed = seed;
    this.random = new Random(seed);
    this.model = new Model(seed, MAX_PAYLOAD);
    this.temp = temp;
    this.directory = temp == null ? null : temp.resolve("0");
  }

  void go() throws Exception {
    try {
      open();
      for (int i = 0; i < STEPS && model.fault().isEmpty(); i++) {
        step();
      }
      assertNoFault();
      finish();
      bobbin.close();
    } catch (Throwable e) {
      int last = Math.max(0, steps.size() - 40);
      throw new AssertionError(
          "-Dbobbin.seed="
              + seed
              + (directory == null ? " in memory" : " on a directory")
              + ", steps: "
              + steps.subList(last, steps.size())
              + "; "
              + status(),
          e);
    }
  }

  private String status() {
    try {
      return queue.status() + ", the model has " + model.possible() + " unfinished";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private void assertNoFault() {
    assertThat(model.fault()).isEmpty();
    queue.status().failure().ifPresent(e -> fail("the queue failed", e));
  }

  private void step() throws Exception {
    int dice = random.nextInt(100);
    if (dice < 12) {
      repeat("submit with options", 60, this::submitWithOptions);
    } else if (dice < 15) {
      duplicates();
    } else if (dice < 30) {
      repeat("submit", 60, () -> submit(null));
    } else if (dice < 40) {
      repeat("delayed", 30, () -> submit(Duration.ofMillis(random.nextInt(30))));
    } else if (dice < 48) {
      submitAll();
    } else if (dice < 56) {
      repeat("trySubmit", 60, this::trySubmit);
    } else if (dice < 58) {
      tooLarge();
    } else if (dice < 62) {
      steps.add("sync");
      queue.sync();
    } else if (dice < 72) {
      startWorkers();
    } else if (dice < 78) {
      stopWorkers();
    } else if (dice < 80) {
      checkpoint();
    } else if (dice < 82) {
      retryAndPurge();
    } else if (dice < 92) {
      await(random.nextInt(300));
    } else if (dice < 95) {
      reopen();
    } else if (dice < 98) {
      crash();
    } else {
      finish();
    }
  }

  /** Repeats until it was refused: every further one would wait as long. */
  private void repeat(String name, int most, BooleanSupplier action) {
    int times = 1 + random.nextInt(most);
    steps.add(name + " " + times);
    for (int i = 0; i < times && action.getAsBoolean(); i++) {
      assertThat(model.fault()).isEmpty();
    }
  }

  private int size() {
    int dice = random.nextInt(100);
    return dice < 5
        ? random.nextInt(8)
        : dice < 70
            ? 8 + random.nextInt(200)
            : dice < 95 ? 8 + random.nextInt(2000) : MAX_PAYLOAD - random.nextInt(2);
  }

  // Opening and closing.

  private QueueOptions options() {
    int[] flushMillis = {1, 5, 20, 10_000};
    jobLimit = random.nextInt(4) == 0 ? 200 : Long.MAX_VALUE;
    return QueueOptions.defaults()
        .withRingBytes(RING)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(flushMillis[random.nextInt(flushMillis.length)]))
        .withSubmitTimeout(Duration.ofMillis(20))
        .withRetry(Model.RETRIES)
        .withLimits(Limits.DEFAULT.withJobs(jobLimit));
  }

  private void open() {
    bobbin = directory == null ? Bobbin.inMemory() : Bobbin.open(directory);
    queue = bobbin.queue("model", Codec.bytes(), options());
  }

  private void reopen() {
    steps.add("reopen");
    stopAll();
    bobbin.close();
    if (directory == null) {
      model.forgotten();
      open();
      return;
    }
    long dead = model.dead().size();
    model.closed();
    open();
    RecoveryReport report = queue.recovery();
    assertThat(report.cleanlyClosed()).isTrue();
    assertThat(report.unfinished()).isBetween(model.certain(), model.possible());
    assertThat(report.dead()).isGreaterThanOrEqualTo(dead);
  }

  private void crash() throws Exception {
    if (directory == null) {
      return;
    }
    steps.add("crash");
    model.freeze();
    long cycle = queue.status().durability().flushes();
    Path copy = temp.resolve(Integer.toString(++directories));
    StillCopy.make(directory, copy);
    model.crashed(cycle);
    groups.clear();
    bobbin.close();
    Crash.delete(directory);
    directory = copy;
    open();
    RecoveryReport report = queue.recovery();
    assertThat(report.unfinished())
        .as("recovered; certain and possible jobs")
        .isBetween(model.certain(), model.possible());
    assertThat(report.dead()).isBetween((long) model.dead().size(), model.possiblyDead());
  }

  // Submitting.

  private boolean submit(Duration delay) {
    Model.Job job = model.newJob(size());
    if (delay != null) {
      job.dueMillis = System.currentTimeMillis() + delay.toMillis();
    }
    Before before = before();
    try {
      JobId id = delay == null ? queue.submit(job.payload) : queue.submit(job.payload, delay);
      model.accepted(job, id);
      return true;
    } catch (RefusedException e) {
      refused(job, e.refusal(), before);
      return false;
    }
  }

  private boolean submitWithOptions() {
    Model.Job job = model.newJob(size());
    job.options = jobOptions(job);
    job.dueMillis = System.currentTimeMillis() + job.options.delay().toMillis();
    Before before = before();
    try {
      model.accepted(job, queue.submit(job.payload, job.options));
      return true;
    } catch (RefusedException e) {
      refused(job, e.refusal(), before);
      return false;
    }
  }

  private JobOptions jobOptions(Model.Job job) {
    Priority[] priorities = Priority.values();
    JobOptions options = JobOptions.priority(priorities[random.nextInt(priorities.length)]);
    if (random.nextBoolean()) {
      options = options.delayed(Duration.ofMillis(random.nextInt(20)));
    }
    if (job.payload.length <= MAX_PAYLOAD - 200) {
      for (int i = random.nextInt(3); i > 0; i--) {
        options = options.header("header " + i, "of " + job.number);
      }
      options = random.nextBoolean() ? options.keyed("job " + job.number) : options;
      options = random.nextBoolean() ? options.expiringAfter(Duration.ofDays(1)) : options;
    }
    return options;
  }

  /** Live jobs keep others with their keys out. */
  private void duplicates() {
    List<Model.Job> keyed = model.keyed();
    steps.add("duplicates of " + keyed.size());
    for (Model.Job job : keyed.subList(0, Math.min(50, keyed.size()))) {
      assertThat(queue.trySubmit(new byte[9], JobOptions.key("job " + job.number)))
          .as("duplicate of " + job)
          .isEqualTo(new SubmitResult.Duplicate(job.id));
    }
  }

  private boolean trySubmit() {
    Model.Job job = model.newJob(size());
    Before before = before();
    SubmitResult result = queue.trySubmit(job.payload);
    if (result instanceof SubmitResult.Accepted accepted) {
      model.accepted(job, accepted.id());
    } else if (result instanceof SubmitResult.Refused refused) {
      refused(job, refused.refusal(), before);
    }
    return result.accepted();
  }

  /**
   * Before a submit, with the job that is about to be submitted: without workers nothing but the
   * flush cycle changes it, which only makes room.
   */
  private record Before(long unfinished, long ringBytes) {}

  private Before before() {
    return new Before(model.possible() - 1, queue.status().limits().ringBytes());
  }

  private void refused(Model.Job job, Refusal refusal, Before before) {
    model.refused(job);
    if (refusal == Refusal.JOB_LIMIT) {
      if (groups.isEmpty()) {
        assertThat(before.unfinished).isGreaterThanOrEqualTo(jobLimit);
      }
    } else {
      assertThat(refusal).isEqualTo(Refusal.BYTE_LIMIT);
      if (groups.isEmpty()) {
        assertThat(before.ringBytes).isGreaterThan(RING / 2);
      }
    }
  }

  private void submitAll() {
    int times = 1 + random.nextInt(100);
    steps.add("submitAll " + times);
    List<Model.Job> jobs = Stream.generate(() -> model.newJob(size())).limit(times).toList();
    long accepted;
    try {
      accepted = queue.submitAll(jobs.stream().map(job -> job.payload).toList());
      assertThat(accepted).isEqualTo(times);
    } catch (RefusedException e) {
      accepted = e.accepted();
    }
    for (int i = 0; i < times; i++) {
      if (i < accepted) {
        model.accepted(jobs.get(i), null);
      } else {
        model.refused(jobs.get(i));
      }
    }
  }

  private void tooLarge() {
    steps.add("too large");
    assertThat(queue.trySubmit(new byte[MAX_PAYLOAD + 1]))
        .isInstanceOfSatisfying(
            SubmitResult.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.JOB_TOO_LARGE));
  }

  // Workers.

  private record Group(Workers workers, List<ModelHand> hands) {}

  private void startWorkers() {
    if (groups.size() >= 3) {
      stopWorkers();
    }
    int kind = random.nextInt(3);
    WorkOptions options = WorkOptions.workers(1 + random.nextInt(2)).batch(1 + random.nextInt(100));
    steps.add("start kind " + kind + ", " + options.workers() + " x " + options.maxBatch());
    List<ModelHand> hands = new ArrayList<>();
    int life = model.life();
    JobQueue<byte[]> of = queue;
    ThreadLocal<ModelHand> hand =
        ThreadLocal.withInitial(
            () -> {
              ModelHand made = new ModelHand(model, of, life, options.maxBatch());
              synchronized (hands) {
                hands.add(made);
              }
              return made;
            });
    Workers workers =
        kind == 0
            ? queue.work(options, payload -> hand.get().handle(payload))
            : kind == 1
                ? queue.workBatches(options, batch -> hand.get().handle(batch))
                : queue.workRaw(options, job -> hand.get().handle(job));
    groups.add(new Group(workers, hands));
  }

  private void stopWorkers() {
    if (!groups.isEmpty()) {
      steps.add("stop");
      stop(groups.remove(random.nextInt(groups.size())));
    }
  }

  private void stopAll() {
    while (!groups.isEmpty()) {
      stop(groups.remove(groups.size() - 1));
    }
  }

  private void stop(Group group) {
    group.workers.close();
    group.hands.forEach(ModelHand::allApplied);
  }

  private void await(int deliveries) throws InterruptedException {
    if (!groups.isEmpty()) {
      steps.add("await " + deliveries);
      if (!model.await(model.deliveries() + deliveries, PATIENCE)) {
        fail("no delivery in time, waiting for " + model.someUnfinished());
      }
    }
  }

  // Comparing.

  private void checkpoint() {
    steps.add("checkpoint");
    stopAll();
    assertNoFault();
    QueueStatus status = queue.status();
    assertThat(status.unfinished()).isBetween(model.certain(), model.possible());
    compareDead();
  }

  /**
   * Some dead letters are retried, some purged. Then the queue is opened anew, because until the
   * flush a crash may undo a purge, or the ack of a retried job.
   */
  private void retryAndPurge() {
    stopAll();
    List<Model.Job> known = model.dead().stream().filter(job -> job.id != null).toList();
    steps.add("retry and purge of " + known.size());
    DeadLetters letters = queue.deadLetters();
    for (Model.Job job : known) {
      try {
        int dice = random.nextInt(4);
        if (dice == 0) {
          assertThat(letters.retry(job.id)).as("retry of " + job).isTrue();
          model.revived(job);
        } else if (dice == 1) {
          assertThat(letters.purge(job.id)).as("purge of " + job).isTrue();
          model.purged(job);
        }
      } catch (RefusedException e) {
        assertThat(e.refusal()).isIn(Refusal.JOB_LIMIT, Refusal.BYTE_LIMIT);
        assertThat(letters.find(job.id)).as("refused retry of " + job).isPresent();
      }
    }
    compareDead();
    if (directory != null) {
      reopen();
      compareDead();
    }
  }

  private void compareDead() {
    if (model.possible() == model.certain()) {
      List<String> letters = queue.deadLetters().list(100_000).stream().map(model::letter).toList();
      assertThat(letters).containsExactlyInAnyOrderElementsOf(model.deadLetters());
      assertThat(queue.status().counts().dead()).isEqualTo(letters.size());
      assertThat(queue.deadLetters().count()).isEqualTo(letters.size());
    }
  }

  /** Everything is finished, and stays so. */
  private void finish() throws InterruptedException {
    steps.add("finish");
    if (groups.isEmpty()) {
      startWorkers();
    }
    if (!model.await(Long.MAX_VALUE, PATIENCE)) {
      fail("not finished in time: " + model.someUnfinished());
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (queue.status().unfinished() > 0 && System.nanoTime() < deadline) {
      // Jobs that a crash may have brought back: nobody can say how many deliveries they need.
      model.await(model.deliveries() + 1, Duration.ofMillis(5));
      Thread.onSpinWait();
    }
    stopAll();
    assertNoFault();
    QueueStatus status = queue.status();
    assertThat(status.unfinished()).as(status.toString()).isZero();
    model.nothingIsLeft();
    compareDead();
    if (directory != null && random.nextBoolean()) {
      reopen();
      assertThat(queue.recovery().unfinished()).isZero();
      compareDead();
    }
  }
}
