package dev.bobbin.torture.clocks;

import dev.bobbin.Codec;
import dev.bobbin.Deduplication;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.SubmitResult;
import dev.bobbin.testkit.TestBobbin;
import dev.bobbin.testkit.TestDisk;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.clocks.Model.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One queue, one thread that submits and takes, and clocks that go where they like. */
final class Sequence {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long WINDOW = Duration.ofMinutes(10).toMillis();
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withRetry(RetryPolicy.exponential(Duration.ofMillis(1)).attempts(60_000))
          .withDeduplication(new Deduplication(Duration.ofMillis(WINDOW), 1000));

  private final Report report;
  private final SplittableRandom random;
  private final Model model;
  private final TestDisk disk = new TestDisk();
  private final List<Held> leases = new ArrayList<>();

  /** When each key's window ends, by the clock that never goes back, in milliseconds. */
  private final Map<String, Long> keys = new HashMap<>();

  /** Until when a key may be known from before the restart. */
  private long oldKeysUntil;

  private TestBobbin bobbin;
  private JobQueue<String> queue;
  private long monotonic;

  private record Held(Lease<String> lease, long[] deadline) {}

  Sequence(Report report, SplittableRandom random) {
    this.report = report;
    this.random = random;
    this.model = new Model(report);
    this.bobbin = TestBobbin.on(disk);
    this.queue = open();
  }

  private JobQueue<String> open() {
    return bobbin.queue("clocks", Codec.text(), OPTIONS);
  }

  private long wall() {
    return bobbin.now().toEpochMilli();
  }

  /** Something happens to the queue or to its clocks, and everybody looks. */
  void step() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> submit();
      case 4, 5 -> advance(random.nextLong(1, 1L << random.nextInt(2, 30)));
      case 6 -> setWall(wall() + random.nextLong(-5, 6));
      case 7 -> setWall(wall() + random.nextLong(-10 * DAY, 10 * DAY + 1));
      case 8 -> setWall(wall() - random.nextLong(1, 1L << random.nextInt(2, 30)));
      case 9 -> settleHeld();
      case 10 -> collect();
      default -> {
        if (random.nextInt(4) == 0) {
          restart();
        } else {
          collect();
        }
      }
    }
    Figures.check(queue.status(), report);
  }

  private void submit() {
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      long now = wall();
      long delay = random.nextInt(3) == 0 ? 0 : random.nextLong(1, 1L << random.nextInt(2, 31));
      long life = random.nextInt(4) > 0 ? 0 : delay + random.nextLong(1, 1L << 30);
      JobOptions options = JobOptions.delay(Duration.ofMillis(delay));
      if (life > 0) {
        options = options.expiringAfter(Duration.ofMillis(life));
      }
      boolean high = random.nextInt(4) == 0;
      if (high) {
        options = options.prioritized(Priority.HIGH);
      }
      String key = random.nextInt(3) == 0 ? "key " + random.nextInt(12) : null;
      if (key != null) {
        options = options.keyed(key);
      }
      long number =
          model.add(
              delay == 0 && !high ? Model.ALWAYS : now + delay,
              life == 0 ? Model.NEVER : now + life);
      judge(number, key, queue.trySubmit(Long.toString(number), options));
    }
    model.clock(wall());
  }

  private void judge(long number, @Nullable String key, SubmitResult was) {
    report.count("submits");
    boolean known = key != null && keys.getOrDefault(key, 0L) > monotonic;
    boolean mayBeKnown = known || (key != null && oldKeysUntil > monotonic);
    if (was.accepted() ? known : !(was instanceof SubmitResult.Duplicate) || !mayBeKnown) {
      report.fault(
          "key %s, known %s, perhaps from before the restart %s: %s"
              .formatted(key, known, mayBeKnown, was));
    }
    if (!was.accepted()) {
      model.forget(number);
    } else if (key != null) {
      keys.put(key, monotonic + WINDOW);
    }
  }

  private void advance(long millis) {
    report.count("steps forward of both clocks");
    bobbin.advance(Duration.ofMillis(millis));
    monotonic += millis;
    for (Iterator<Held> each = leases.iterator(); each.hasNext(); ) {
      Held held = each.next();
      if (held.deadline[0] <= monotonic) {
        each.remove();
        checkEnded(held);
      }
    }
    model.clock(wall());
  }

  private void checkEnded(Held held) {
    report.count("leases that ended");
    if (held.lease.unsettled() > 0 || held.lease.renew()) {
      report.fault("a lease goes on after its end");
    }
    for (LeasedJob<String> job : held.lease) {
      if (job.ack()) {
        report.fault("an ack after the lease's end was taken");
      }
      model.handBack(model.get(Long.parseLong(job.payload())));
    }
  }

  private void setWall(long millis) {
    report.count("steps of the wall clock");
    bobbin.setTime(Instant.ofEpochMilli(millis));
    model.clock(wall());
    for (Held held : leases) {
      long left = held.deadline[0] - monotonic;
      if (held.lease.expiresIn().toMillis() != left
          || held.lease.unsettled() != held.lease.size()) {
        report.fault("a step of the wall clock changed a lease of which " + left + " ms are left");
      }
    }
  }

  /** Takes all that must be there, and sees that nothing else is. */
  private void collect() {
    while (report.isClean()) {
      long required = model.required(wall());
      Duration leaseTime = Duration.ofMillis(random.nextLong(10, 1L << random.nextInt(5, 28)));
      Lease<String> lease =
          queue.take(random.nextInt(1, 40), required > 0 ? LIMIT : Duration.ZERO, leaseTime);
      if (lease.isEmpty()) {
        if (required > 0) {
          report.fault(required + " jobs are due and do not come: " + queue.status());
        }
        return;
      }
      List<Entry> entries = new ArrayList<>();
      for (LeasedJob<String> job : lease) {
        entries.add(model.delivered(Long.parseLong(job.payload()), wall()));
      }
      if (random.nextInt(3) == 0) {
        leases.add(new Held(lease, new long[] {monotonic + leaseTime.toMillis()}));
      } else {
        settle(lease);
      }
    }
  }

  private void settleHeld() {
    if (!leases.isEmpty()) {
      Held held = leases.get(random.nextInt(leases.size()));
      if (random.nextBoolean()) {
        long time = random.nextLong(10, 1L << random.nextInt(5, 28));
        held.deadline[0] = monotonic + time;
        if (!held.lease.renew(Duration.ofMillis(time))) {
          report.fault("a lease that lasts could not be renewed");
        }
      } else {
        leases.remove(held);
        settle(held.lease);
      }
    }
  }

  private void settle(Lease<String> lease) {
    for (LeasedJob<String> job : lease) {
      Entry entry = model.get(Long.parseLong(job.payload()));
      long delay = random.nextLong(1, 1L << random.nextInt(2, 31));
      boolean taken =
          switch (random.nextInt(8)) {
            case 0 -> {
              model.putOff(entry, wall() + delay);
              yield job.retry(Duration.ofMillis(delay), "later");
            }
            case 1 -> {
              model.putOff(entry, wall() + delay);
              yield job.snooze(Duration.ofMillis(delay));
            }
            default -> {
              entry.acked = true;
              yield job.ack();
            }
          };
      if (!taken) {
        report.fault("an outcome was refused though the lease lasts");
      }
    }
    model.clock(wall());
  }

  private void restart() {
    report.count("restarts");
    bobbin.close();
    bobbin = TestBobbin.on(disk);
    if (random.nextBoolean()) {
      // The queue is not open yet: it finds a clock that says less, or more, than when it closed.
      bobbin.setTime(Instant.ofEpochMilli(wall() + random.nextLong(-10 * DAY, 10 * DAY + 1)));
    }
    leases.clear();
    keys.clear();
    oldKeysUntil = monotonic + WINDOW;
    model.restarted();
    queue = open();
    model.clock(wall());
  }

  /** Lets all time go by that anything could wait for. */
  void end() {
    Rest.check(report);
    advance(Duration.ofDays(30).toMillis());
    for (int i = 0; report.isClean() && (i < 40 || model.required(wall()) > 0); i++) {
      collect();
      advance(Duration.ofDays(30).toMillis());
    }
    List<Long> dead = new ArrayList<>();
    queue
        .deadLetters()
        .forEach(
            letter ->
                dead.add(Long.parseLong(new String(letter.payload(), StandardCharsets.UTF_8))));
    if (report.isClean()) {
      model.checkEnd(dead);
    }
    report.count("dead letters", dead.size());
    bobbin.close();
  }
}
