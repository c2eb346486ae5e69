package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How fast workers and takers may go, all together. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class ThrottleTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Bobbin bobbin;

  @TempDir static Path directory;

  ThrottleTest(Backend backend) {
    bobbin = backend.open(directory.resolve(backend.name()));
  }

  @AfterEach
  void close() {
    bobbin.close();
  }

  private JobQueue<String> queue(String name, Throttle throttle) {
    return bobbin.queue(
        name,
        Codec.text(),
        QueueOptions.defaults()
            .withRingBytes(256 << 10)
            .withSegmentBytes(1 << 20)
            .withThrottle(throttle));
  }

  private static void submit(JobQueue<String> queue, int jobs) {
    queue.submitAll(IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList());
  }

  @Test
  void noMoreJobsAreInHandThanAllowed() {
    JobQueue<String> queue = queue("concurrent", Throttle.concurrency(3));
    AtomicInteger inHand = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    submit(queue, 3_000);
    WorkOptions five = WorkOptions.workers(5);
    queue.workBatches(
        five,
        batch -> {
          most.accumulateAndGet(inHand.addAndGet(batch.size()), Math::max);
          Thread.yield();
          inHand.addAndGet(-batch.size());
        });
    queue.workRaw(
        WorkOptions.workers(2),
        job -> {
          most.accumulateAndGet(inHand.incrementAndGet(), Math::max);
          inHand.decrementAndGet();
        });
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(most.get()).isBetween(1, 3);
    assertThat(queue.status().totals().acked()).isEqualTo(3_000);
  }

  /** One worker must not take what several could do at the same time. */
  @Test
  void permitsAreSharedAmongWorkers() throws Exception {
    JobQueue<String> queue = queue("shared", Throttle.concurrency(4));
    CountDownLatch together = new CountDownLatch(4);
    queue.pause();
    submit(queue, 4);
    queue.work(
        4,
        payload -> {
          together.countDown();
          assertThat(together.await(60, TimeUnit.SECONDS)).isTrue();
        });
    Crash.await(
        "workers wait",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith("bobbin-shared-worker"))
                    .filter(t -> t.getState() == Thread.State.WAITING)
                    .count()
                == 4);
    queue.resume();
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(queue.status().totals().acked()).isEqualTo(4);
  }

  @Test
  void takersAndWorkersShareTheLimit() throws Exception {
    JobQueue<String> queue = queue("takers", Throttle.concurrency(2));
    submit(queue, 5);
    Lease<String> first = queue.take(5, LONG);
    assertThat(first.size()).isEqualTo(2);
    assertThat(queue.take(5, Duration.ofMillis(20)).isEmpty()).isTrue();
    CompletableFuture<Lease<String>> second =
        CompletableFuture.supplyAsync(() -> queue.take(5, LONG));
    assertThat(first.job(0).ack()).isTrue();
    assertThat(second.get(60, TimeUnit.SECONDS).size()).isEqualTo(1);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    queue.work(1, seen::add);
    assertThat(seen.poll(20, TimeUnit.MILLISECONDS)).isNull();
    first.close();
    second.join().close();
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(queue.status().totals().acked()).isEqualTo(5);
  }

  @Test
  void permitsComeBackFromLostLeasesAndStuckHandlers() throws Exception {
    JobQueue<String> queue = queue("lost", Throttle.concurrency(1));
    submit(queue, 3);
    queue.take(1, LONG, Duration.ofMillis(20));
    Semaphore hang = new Semaphore(0);
    AtomicInteger calls = new AtomicInteger();
    Workers stuck =
        queue.work(
            WorkOptions.workers(1).lease(Duration.ofMillis(100)),
            payload -> {
              if (calls.incrementAndGet() == 1) {
                hang.acquire();
              }
            });
    Crash.await("it is stuck", () -> stuck.stuck().size() == 1);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    queue.work(1, seen::add);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(seen).hasSize(3);
    hang.release();
  }

  @Test
  void rateIsKept() throws Exception {
    JobQueue<String> queue = queue("rate", Throttle.rate(200));
    ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
    submit(queue, 400);
    long began = System.nanoTime();
    queue.work(4, payload -> times.add(System.nanoTime()));
    Crash.await("more than a second's worth", () -> times.size() >= 220);
    long nanos = System.nanoTime() - began;
    // 20 at once, then 200 a second; never faster, whatever the machine does.
    assertThat(nanos).isGreaterThanOrEqualTo(950_000_000L);
    List<Long> sorted = times.stream().sorted().toList();
    for (int i = 0; i + 60 < sorted.size(); i++) {
      // Of 61 in a row at most 21 were a burst; the other 40 take a fifth of a second.
      assertThat(sorted.get(i + 60) - sorted.get(i)).isGreaterThan(100_000_000L);
    }
  }

  @Test
  void slowRateDoesNotKeepCloseWaiting() throws Exception {
    JobQueue<String> queue = queue("slow", Throttle.rate(0.001));
    submit(queue, 10);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    queue.work(3, seen::add);
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isNotNull();
    assertThat(queue.take(1, Duration.ofMillis(20)).isEmpty()).isTrue();
    long began = System.nanoTime();
    queue.close();
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(60));
    assertThat(seen).isEmpty();
  }

  /** Waiting for a token costs no processor time, and producers wake nobody for it. */
  @Test
  void throttledWorkersPark() throws Exception {
    JobQueue<String> queue = queue("parked", Throttle.rate(0.001));
    List<Thread> threads = new ArrayList<>();
    queue.work(
        WorkOptions.workers(3)
            .threadsFrom(
                runnable -> {
                  Thread thread = new Thread(runnable);
                  threads.add(thread);
                  return thread;
                }),
        payload -> {});
    submit(queue, 1_000);
    Crash.await("one was handled", () -> queue.status().totals().acked() == 1);
    Crash.await(
        "they park",
        () ->
            threads.stream()
                .allMatch(
                    t ->
                        t.getState() == Thread.State.WAITING
                            || t.getState() == Thread.State.TIMED_WAITING));
    // One keeps the time for all of them.
    assertThat(threads.stream().filter(t -> t.getState() == Thread.State.TIMED_WAITING).count())
        .isLessThanOrEqualTo(1);
  }
}
