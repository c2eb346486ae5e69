package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.local.Inside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Outcomes that come when the lease ends: exactly one of the two counts. */
@Timeout(300)
class LeaseRaceTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(60_000));
  private static final Duration SHORTEST = Duration.ofMillis(10);

  @TempDir Path directory;

  private interface Taker {
    void run(Lease<String> lease, Random random);
  }

  /** Threads take and settle until every job was acked, by what they are told; once each. */
  private void race(Backend backend, int jobs, Taker taker) throws Exception {
    long seed = Long.getLong("bobbin.seed", System.nanoTime());
    System.out.println("LeaseRaceTest -Dbobbin.seed=" + seed);
    ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
    try (Bobbin bobbin = backend.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), OPTIONS);
      queue.submitAll(IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed + t);
        threads.add(
            new Thread(
                () -> {
                  try {
                    while (queue.status().unfinished() > 0) {
                      taker.run(queue.take(20, Duration.ofMillis(5), SHORTEST), random);
                    }
                  } catch (Throwable e) {
                    errors.add(e);
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(errors).isEmpty();
      assertThat(queue.status().totals().acked()).isEqualTo(jobs);
      assertThat(queue.status().unfinished()).isZero();
      assertThat(queue.awaitIdle(Duration.ofSeconds(60))).isTrue();
      assertThat(queue.deadLetters().count()).isZero();
      assertThat(Inside.counters(queue).leasesLost.sum()).isPositive();
    }
  }

  /** Lets about as much time pass as the lease lasts. */
  private static void pass(Random random) {
    long end = System.nanoTime() + 9_000_000 + random.nextInt(2_000_000);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ackAgainstExpiry(Backend backend) throws Exception {
    int jobs = 2_000;
    ConcurrentLinkedQueue<String> acked = new ConcurrentLinkedQueue<>();
    race(
        backend,
        jobs,
        (lease, random) -> {
          pass(random);
          lease.forEach(
              job -> {
                if (job.ack()) {
                  acked.add(job.payload());
                }
              });
        });
    assertThat(acked).hasSize(jobs).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void ackAllAgainstExpiryAndClose(Backend backend) throws Exception {
    int jobs = 2_000;
    AtomicInteger acked = new AtomicInteger();
    race(
        backend,
        jobs,
        (lease, random) -> {
          Thread closer = new Thread(lease::close);
          pass(random);
          if (random.nextInt(4) == 0) {
            closer.start();
          }
          acked.addAndGet(lease.ackAll());
        });
    assertThat(acked.get()).isEqualTo(jobs);
  }

  @ParameterizedTest
  @EnumSource
  void everyOutcomeAndRenewalAgainstExpiry(Backend backend) throws Exception {
    int jobs = 1_000;
    ConcurrentLinkedQueue<String> acked = new ConcurrentLinkedQueue<>();
    race(
        backend,
        jobs,
        (lease, random) -> {
          pass(random);
          for (LeasedJob<String> job : lease) {
            switch (random.nextInt(8)) {
              case 0 -> job.retry(Duration.ofMillis(1), "again");
              case 1 -> job.snooze(Duration.ofMillis(1));
              case 2 -> lease.renew();
              default -> {
                if (job.ack()) {
                  acked.add(job.payload());
                }
              }
            }
          }
        });
    assertThat(acked).hasSize(jobs).doesNotHaveDuplicates();
  }

  /** Handlers that take about as long as their lease; each job is acked once, whoever did it. */
  @ParameterizedTest
  @EnumSource
  void workersAgainstExpiry(Backend backend) throws Exception {
    int jobs = 300;
    Random random = new Random(1);
    try (Bobbin bobbin = backend.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), OPTIONS);
      queue.submitAll(IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList());
      WorkOptions options = WorkOptions.workers(3).batch(4).lease(SHORTEST);
      AtomicInteger slow = new AtomicInteger();
      queue.work(
          options,
          payload -> {
            if (slow.incrementAndGet() <= jobs) {
              pass(random);
            }
          });
      queue.workRaw(
          options,
          job -> {
            if (slow.incrementAndGet() <= jobs) {
              pass(random);
            }
          });
      assertThat(queue.awaitIdle(Duration.ofSeconds(60))).isTrue();
      assertThat(queue.status().totals().acked()).isEqualTo(jobs);
      assertThat(queue.status().unfinished()).isZero();
      assertThat(Inside.counters(queue).leasesLost.sum()).isPositive();
      assertThat(Inside.counters(queue).staleAcks.sum()).isPositive();
    }
  }
}
