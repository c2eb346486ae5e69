package dev.bobbin.torture.disk;

import dev.bobbin.BobbinException;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Priority;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.testkit.TestBobbin;
import dev.bobbin.testkit.TestDisk;
import dev.bobbin.torture.Report;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some dozens of calls on one to three queues, as the seed decides, by one thread: jobs are
 * submitted, synced, taken, acked, retried, snoozed, set aside and brought back; queues are closed,
 * killed and opened again. What was asked for and what was answered goes into the {@link Ledger}.
 */
final class Scenario {
  private static final int LARGEST = 4_000;
  private static final int TAKEN_AT_ONCE = 30;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  final Shape shape;
  final Ledger ledger = new Ledger();
  private final TestDisk disk;
  private final SplittableRandom random;
  private final int steps;
  private final Consumer<String> faults;
  private final Consumer<BobbinException> trouble;
  private TestBobbin bobbin;
  private Map<String, JobQueue<byte[]>> queues = Map.of();
  private Runnable beforeItCloses = () -> {};
  private boolean isOpen;

  /** Where the last job of a queue ends: there the next one begins, if nothing comes between. */
  private final Map<String, Long> ends = new HashMap<>();

  /** What a call that fails is worth: the ledger already says that it was begun. */
  private interface Call {
    void run();
  }

  /**
   * @param trouble hears of each call that threw
   */
  Scenario(long seed, TestDisk disk, Consumer<String> faults, Consumer<BobbinException> trouble) {
    this(new SplittableRandom(seed), false, disk, faults, trouble);
  }

  private Scenario(
      SplittableRandom random,
      boolean brief,
      TestDisk disk,
      Consumer<String> faults,
      Consumer<BobbinException> trouble) {
    this.random = random;
    Shape any = Shape.of(random);
    this.shape = brief ? any.brief() : any;
    this.steps = brief ? 6 + random.nextInt(10) : 15 + random.nextInt(30);
    this.disk = disk;
    this.faults = faults;
    this.trouble = trouble;
    this.bobbin = TestBobbin.on(disk);
  }

  /** A shorter one. */
  static Scenario brief(
      long seed, TestDisk disk, Consumer<String> faults, Consumer<BobbinException> trouble) {
    return new Scenario(new SplittableRandom(seed), true, disk, faults, trouble);
  }

  /** Has {@code last} run while the queues are still open, if they are. */
  void beforeItCloses(Runnable last) {
    beforeItCloses = last;
  }

  /** Runs it to its end; the queues are closed then. */
  void run() {
    isOpen = attempt(() -> queues = shape.open(bobbin));
    for (int i = 0; i < steps && isOpen; i++) {
      step();
    }
    if (isOpen) {
      beforeItCloses.run();
    }
    attempt(bobbin::close);
  }

  private boolean attempt(Call call) {
    try {
      call.run();
      return true;
    } catch (BobbinException e) {
      trouble.accept(e);
      return false;
    }
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      repeat(8, this::submit);
    } else if (dice < 48) {
      attempt(() -> sync(queue()));
    } else if (dice < 72) {
      attempt(this::take);
    } else if (dice < 78) {
      attempt(this::chain);
    } else if (dice < 82) {
      bobbin.advance(Duration.ofMinutes(random.nextInt(300)));
    } else if (dice < 86) {
      attempt(() -> settle(queue()));
    } else if (dice < 90) {
      attempt(this::undead);
    } else if (dice < 93 || (dice < 98 && shape.style() == Shape.Style.HEAVY)) {
      repeat(80, () -> submit(LARGEST - random.nextInt(500), queue()));
    } else if (dice < 95 || (dice < 99 && shape.style() == Shape.Style.REOPENING)) {
      reopen();
    } else if (dice < 98) {
      die();
    }
  }

  private void repeat(int most, Call call) {
    for (int times = 1 + random.nextInt(most); times > 0; times--) {
      if (!attempt(call)) {
        return;
      }
    }
  }

  private String queue() {
    return shape.names().get(random.nextInt(shape.names().size()));
  }

  private JobQueue<byte[]> queue(String name) {
    return java.util.Objects.requireNonNull(queues.get(name));
  }

  private long now() {
    return bobbin.now().toEpochMilli();
  }

  // Submitting.

  private void submit() {
    int small = Payload.SMALLEST + random.nextInt(300);
    submit(random.nextInt(6) == 0 ? Payload.SMALLEST + random.nextInt(LARGEST) : small, queue());
  }

  private Ledger.Entry submit(int length, String to) {
    boolean plain = random.nextInt(3) > 0;
    Duration delay =
        plain || random.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(random.nextInt(300));
    long dueMillis = delay.isZero() ? 0 : now() + delay.toMillis();
    Ledger.Entry entry = ledger.submitting(to, length, dueMillis);
    try {
      submit(entry, plain ? null : options(entry.number).delayed(delay));
    } catch (RefusedException e) {
      if (e.refusal() != Refusal.FAILED) {
        ledger.refused(entry);
      }
      throw e;
    }
    ledger.moved(entry);
    if (shape.syncsEach()) {
      ledger.synced(to, ledger.now());
    }
    return entry;
  }

  private void submit(Ledger.Entry entry, @Nullable JobOptions options) {
    String to = entry.queue;
    int length = entry.length;
    byte[] payload = Payload.of(entry.number, length);
    if (options == null) {
      long next = ends.getOrDefault(to, 0L);
      if (length >= Payload.SMALLEST_FORGING && random.nextInt(4) == 0) {
        payload = Payload.forging(entry.number, length, next);
      }
      long position = queue(to).submit(payload).number();
      ends.put(to, position + Frame.aligned(Frame.HEADER_BYTES + length));
    } else {
      queue(to).submit(payload, options);
    }
  }

  /** Each queue has to accept a job again, however long that takes. */
  void submitToEach() {
    for (String name : shape.names()) {
      long began = System.nanoTime();
      boolean accepted = false;
      while (!accepted) {
        try {
          submit(Payload.SMALLEST, name);
          sync(name);
          accepted = true;
        } catch (RefusedException e) {
          boolean late = System.nanoTime() - began > PATIENCE_NANOS;
          if (late || e.refusal() == Refusal.FAILED) {
            faults.accept(name + " does not go on though there is room: " + Trouble.describe(e));
            return;
          }
        }
      }
    }
  }

  private JobOptions options(int number) {
    Priority[] priorities = Priority.values();
    JobOptions options = JobOptions.priority(priorities[random.nextInt(priorities.length)]);
    options = random.nextBoolean() ? options.header("number", "" + number) : options;
    return random.nextBoolean() ? options.keyed("job " + number) : options;
  }

  private void sync(String name) {
    long began = ledger.now();
    queue(name).sync();
    ledger.synced(name, began);
  }

  /**
   * On return what was finished before is durable: the first sync may come from a cycle that had
   * begun, the next one's cycle hears of the acks, and the one after it writes and forces them.
   * While a queue of the same {@code Bobbin} has failed, acks wait: then that is not promised.
   */
  private void settle(String name) {
    long began = ledger.now();
    for (int i = 0; i < 3; i++) {
      submit(Payload.SMALLEST, name);
      sync(name);
    }
    if (queues.values().stream().allMatch(queue -> queue.status().failure().isEmpty())) {
      ledger.settled(name, began);
    }
  }

  // Outcomes.

  private void take() {
    String from = queue();
    Lease<byte[]> lease = queue(from).take(1 + random.nextInt(TAKEN_AT_ONCE), Duration.ZERO);
    int mood = random.nextInt(3);
    for (LeasedJob<byte[]> job : lease) {
      outcome(from, job, mood == 0 ? 0 : random.nextInt(10));
    }
    if (random.nextBoolean()) {
      lease.close();
    }
  }

  private void outcome(String from, LeasedJob<byte[]> job, int dice) {
    Ledger.Entry entry = entry(from, job.payload());
    int attempt = job.attempt();
    Duration delay = Duration.ofMinutes(random.nextInt(120));
    long dueMillis = now() + delay.toMillis();
    boolean settled = true;
    if (dice < 5) {
      ledger.finishing(entry);
      settled = job.ack();
      ledger.finished(entry);
    } else if (dice < 7 && attempt < 9) {
      ledger.moving(entry, attempt + 1, dueMillis, false);
      settled = job.retry(delay, "again");
      ledger.moved(entry);
    } else if (dice == 7) {
      ledger.moving(entry, attempt, dueMillis, false);
      settled = job.snooze(delay);
      ledger.moved(entry);
    } else if (dice == 8) {
      ledger.moving(entry, attempt, 0, true);
      settled = job.reject("no good");
      ledger.moved(entry);
    }
    if (!settled) {
      faults.accept("an outcome of job " + entry.number + " came too late, though no lease ended");
    }
  }

  /** Invariant 13: what a handler does. */
  private void chain() {
    String from = queue();
    try (Lease<byte[]> lease = queue(from).take(1 + random.nextInt(5), Duration.ZERO)) {
      for (LeasedJob<byte[]> job : lease) {
        Ledger.Entry entry = entry(from, job.payload());
        Ledger.Entry child = submit(Payload.SMALLEST + random.nextInt(100), queue());
        ledger.chained(entry, child);
        ledger.finishing(entry);
        job.ack();
        ledger.finished(entry);
      }
    }
  }

  private void undead() {
    String from = queue();
    for (DeadLetter letter : queue(from).deadLetters().list(1 + random.nextInt(4))) {
      Ledger.Entry entry = entry(from, letter.payload());
      if (random.nextBoolean()) {
        ledger.moving(entry, 1, 0, false);
        queue(from).deadLetters().retry(letter.id());
        ledger.moved(entry);
      } else {
        ledger.finishing(entry);
        queue(from).deadLetters().purge(letter.id());
        ledger.finished(entry);
      }
    }
  }

  private Ledger.Entry entry(String from, byte[] payload) {
    int number = Payload.number(payload);
    if (number < 0 || number >= ledger.size()) {
      throw new IllegalStateException(from + " has a job that nobody submitted");
    }
    return ledger.entry(number);
  }

  // Ends and beginnings.

  private void reopen() {
    if (attempt(bobbin::close)) {
      ledger.closed();
      goOn(ledger.now(), false);
    } else {
      isOpen = false;
    }
  }

  private void die() {
    boolean machine = random.nextBoolean();
    long mark = ledger.now();
    if (machine) {
      disk.machineDeath(new TornLuck(random.nextLong()));
    } else {
      disk.processDeath();
    }
    attempt(bobbin::close);
    goOn(mark, machine);
  }

  /** Opens again, with what a copy of the disk shows to be there. */
  private void goOn(long mark, boolean machine) {
    TestDisk copy = disk.copy();
    Expected expected = ledger.expected(mark);
    Map<Integer, Found> found = Image.find(copy, shape, () -> {}, new Report(), faults);
    expected.check(found, machine, fault -> faults.accept("after a death: " + fault));
    if (machine) {
      ledger.machineDied();
    }
    bobbin = TestBobbin.on(disk);
    isOpen = attempt(() -> queues = shape.open(bobbin));
    if (isOpen) {
      ledger.reopened(found);
    }
  }
}
