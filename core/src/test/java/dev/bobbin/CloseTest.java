package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing in time: what becomes of workers, leases and whoever else is at it. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class CloseTest extends OneQueue {
  private static final Duration MOMENT = Duration.ofMillis(30);

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final CountDownLatch inHandler = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  CloseTest(Backend backend) {
    super(backend, 5);
  }

  @Override
  @AfterEach
  void close() {
    release.countDown();
    super.close();
  }

  private void submit(int from, int to) {
    queue.submitAll(IntStream.range(from, to).mapToObj(i -> "job " + i).toList());
  }

  /** Stays in the handler until it is released or interrupted. */
  private void stay(String payload) throws InterruptedException {
    inHandler.countDown();
    release.await();
    seen.add(payload);
  }

  /** Stays until it is released, whatever interrupts come. */
  private void stayForGood(String payload) {
    inHandler.countDown();
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // It ignores that.
      }
    }
    seen.add(payload);
  }

  private void awaitInHandler() throws InterruptedException {
    assertThat(inHandler.await(60, TimeUnit.SECONDS)).isTrue();
  }

  /** What is left after closing and opening again, with attempts; nothing in memory. */
  private List<String> leftAfterReopening() {
    if (backend == Backend.MEMORY) {
      return List.of();
    }
    bobbin.close();
    open();
    assertThat(queue.recovery().cleanlyClosed()).isTrue();
    assertThat(queue.recovery().suspects()).isZero();
    List<String> left = new ArrayList<>();
    while (left.size() < queue.recovery().unfinished()) {
      Lease<String> lease = queue.take(100, LONG);
      assertThat(lease.isEmpty()).isFalse();
      lease.forEach(job -> left.add(job.payload() + ":" + job.attempt()));
      // There may be more of them than may be in hand at once.
      lease.ackAll();
    }
    // What asked whether the queue is closed may have come too early.
    return left.stream().filter(job -> !job.startsWith("x")).sorted().toList();
  }

  private void expectLeft(String... jobs) {
    List<String> left = leftAfterReopening();
    if (backend == Backend.DIRECTORY) {
      assertThat(left).containsExactly(jobs);
    }
  }

  @Test
  void closeFinishesTheBatchInHand() throws Exception {
    submit(0, 1);
    queue.work(1, this::stay);
    awaitInHandler();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> queue.close(LONG));
    assertThatThrownBy(
            () -> {
              while (true) {
                queue.submit("no", Duration.ofDays(1));
              }
            })
        .isInstanceOf(RefusedException.class);
    assertThat(closed).isNotDone();
    release.countDown();
    closed.get(60, TimeUnit.SECONDS);
    assertThat(seen).containsExactly("job 0");
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(Inside.counters(queue).interrupted.sum()).isZero();
  }

  @Test
  void handlerThatIsInterruptedByCloseHandsItsJobBack() throws Exception {
    submit(0, 1);
    queue.work(1, this::stay);
    awaitInHandler();
    queue.close(Duration.ofMillis(1));
    assertThat(seen).isEmpty();
    assertThat(queue.status().totals().acked()).isZero();
    assertThat(queue.status().totals().retried()).isZero();
    assertThat(Inside.counters(queue).interrupted.sum()).isEqualTo(1);
    assertThat(Inside.counters(queue).staleAcks.sum()).isZero();
    expectLeft("job 0:1");
  }

  @Test
  void batchThatIsInterruptedKeepsTheOutcomesGivenBefore() throws Exception {
    submit(0, 4);
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          if (batch.size() == 4) {
            batch.job(0).ack();
            batch.job(1).reject("bad");
            stay("");
          }
        });
    awaitInHandler();
    queue.close(Duration.ZERO);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(Inside.counters(queue).interrupted.sum()).isEqualTo(2);
    assertThat(queue.status().counts().dead()).isEqualTo(1);
    expectLeft("job 2:1", "job 3:1");
  }

  @Test
  void rawHandlerThatIsInterruptedHandsItsJobsBack() throws Exception {
    submit(0, 3);
    AtomicInteger calls = new AtomicInteger();
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          if (calls.incrementAndGet() == 2) {
            stay("");
          }
        });
    awaitInHandler();
    queue.close(Duration.ZERO);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(calls.get()).isEqualTo(2);
    expectLeft("job 1:1", "job 2:1");
  }

  @Test
  void handlerThatIgnoresEverythingDoesNotKeepCloseFromReturning() throws Exception {
    submit(0, 1);
    Workers workers = queue.work(1, this::stayForGood);
    awaitInHandler();
    long began = System.nanoTime();
    queue.close(Duration.ofMillis(10));
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(60));
    assertThat(Inside.counters(queue).interrupted.sum()).isEqualTo(1);
    release.countDown();
    Crash.await("its late result is refused", () -> Inside.counters(queue).staleAcks.sum() == 1);
    Crash.await("it has ended", () -> workers.stuck().isEmpty());
    assertThat(queue.status().totals().acked()).isZero();
    expectLeft("job 0:1");
  }

  @Test
  void jobsDoneBeforeTheOneThatIgnoresEverythingAreAcked() throws Exception {
    submit(0, 50);
    Set<String> done = ConcurrentHashMap.newKeySet();
    queue.work(
        1,
        payload -> {
          if (payload.equals("job 30")) {
            stayForGood(payload);
          }
          done.add(payload);
        });
    awaitInHandler();
    queue.close(Duration.ZERO);
    assertThat(queue.status().totals().acked()).isEqualTo(30);
    release.countDown();
    if (backend == Backend.DIRECTORY) {
      assertThat(leftAfterReopening()).hasSize(20).contains("job 30:1");
    }
  }

  @Test
  void closeWithATimeOutWaitsForLeases() throws Exception {
    submit(0, 2);
    Lease<String> lease = queue.take(2, LONG);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> queue.close(LONG));
    Crash.await("it closes", () -> !queue.trySubmit("x").accepted());
    assertThat(lease.job(0).ack()).isTrue();
    assertThat(lease.job(1).retry(Duration.ofDays(1), "later")).isTrue();
    closed.get(60, TimeUnit.SECONDS);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(queue.status().counts().delayed()).isEqualTo(1);
  }

  @Test
  void closeWithATimeOutTakesLeasesBackInTheEnd() {
    submit(0, 2);
    Lease<String> lease = queue.take(2, LONG);
    queue.close(MOMENT);
    assertThat(lease.job(0).ack()).isFalse();
    assertThat(lease.renew()).isFalse();
    assertThat(Inside.counters(queue).interrupted.sum()).isEqualTo(2);
    expectLeft("job 0:1", "job 1:1");
  }

  @Test
  void secondThreadThatClosesWaitsForTheFirst() throws Exception {
    submit(0, 1);
    queue.work(1, this::stay);
    awaitInHandler();
    List<CompletableFuture<Void>> closers = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      int which = i;
      CompletableFuture<Void> closed = new CompletableFuture<>();
      closers.add(closed);
      new Thread(
              () -> {
                begun.countDown();
                if (which % 2 == 0) {
                  queue.close();
                } else {
                  bobbin.close();
                }
                closed.complete(null);
              })
          .start();
    }
    begun.await();
    assertThat(closers).noneMatch(CompletableFuture::isDone);
    release.countDown();
    for (CompletableFuture<Void> closed : closers) {
      closed.get(60, TimeUnit.SECONDS);
    }
    assertThat(seen).containsExactly("job 0");
    queue.close();
    bobbin.close();
    bobbin.close(Duration.ZERO);
  }

  @Test
  void secondThreadMayBeInMoreOfAHurry() throws Exception {
    submit(0, 1);
    queue.work(1, this::stayForGood);
    awaitInHandler();
    CompletableFuture<Void> patient = CompletableFuture.runAsync(() -> queue.close());
    Crash.await("it closes", () -> !queue.trySubmit("x").accepted());
    queue.close(Duration.ZERO);
    patient.get(60, TimeUnit.SECONDS);
    expectLeft("job 0:1");
  }

  @Test
  void handlerThatClosesIsToldSo() throws Exception {
    submit(0, 1);
    queue.work(
        1,
        payload -> {
          for (Runnable close :
              List.<Runnable>of(
                  () -> queue.close(),
                  () -> queue.close(Duration.ZERO),
                  () -> bobbin.close(),
                  () -> bobbin.close(Duration.ZERO))) {
            try {
              close.run();
            } catch (IllegalStateException e) {
              seen.add("refused");
            }
          }
        });
    for (int i = 0; i < 4; i++) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("refused");
    }
    assertThat(queue.awaitIdle(LONG)).isTrue();
    submit(1, 2);
  }

  @Test
  void timeOutOfABobbinIsForAllItsQueuesTogether() throws Exception {
    long nanos = nanosToCloseFiveQueuesThatHang();
    // More than once for a machine that stood still.
    for (int i = 0; i < 2 && nanos >= TimeUnit.SECONDS.toNanos(5); i++) {
      open();
      nanos = nanosToCloseFiveQueuesThatHang();
    }
    // Once the time-out and once the second of grace, not five times.
    assertThat(nanos).isLessThan(TimeUnit.SECONDS.toNanos(5));
  }

  private long nanosToCloseFiveQueuesThatHang() throws InterruptedException {
    List<JobQueue<String>> queues = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(5);
    for (int i = 0; i < 5; i++) {
      JobQueue<String> one = bobbin.queue("q" + i, Codec.text(), options);
      one.work(
          1,
          payload -> {
            all.countDown();
            stayForGood(payload);
          });
      one.submit("a");
      queues.add(one);
    }
    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    long began = System.nanoTime();
    bobbin.close(Duration.ofMillis(200));
    long nanos = System.nanoTime() - began;
    queues.forEach(one -> assertThat(one.status().totals().acked()).isZero());
    return nanos;
  }

  @Test
  void closingRacesWithEverything() throws Exception {
    int rounds = 6;
    for (int round = 0; round < rounds; round++) {
      JobQueue<String> racing = bobbin.queue("race" + round, Codec.text(), options);
      ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Throwable> odd = new ConcurrentLinkedQueue<>();
      racing.work(2, done::add);
      List<Thread> threads =
          List.of(
              racer(odd, i -> accept(racing, "a" + i, accepted)),
              racer(odd, i -> accept(racing, "b" + i, accepted)),
              racer(
                  odd,
                  i -> {
                    Lease<String> lease = racing.take(10, Duration.ofMillis(1));
                    lease.forEach(
                        job -> {
                          if (job.ack()) {
                            done.add(job.payload());
                          }
                        });
                  }),
              racer(odd, i -> racing.work(1, done::add).close()));
      Crash.await("they are at it", () -> done.size() > 500);
      racing.close(LONG);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(odd).isEmpty();
      Set<String> left = new HashSet<>(accepted);
      assertThat(left).hasSize(accepted.size());
      left.removeAll(done);
      if (backend == Backend.DIRECTORY) {
        JobQueue<String> again = bobbin.queue("race" + round, Codec.text(), options);
        assertThat(again.recovery().cleanlyClosed()).isTrue();
        assertThat(again.recovery().unfinished()).isEqualTo(left.size());
        again.close();
      }
      assertThat(done).doesNotHaveDuplicates();
    }
  }

  private interface Step {
    void run(int i);
  }

  private static void accept(
      JobQueue<String> to, String payload, java.util.Queue<String> accepted) {
    to.submit(payload);
    accepted.add(payload);
  }

  /** Goes on until the queue closes. */
  private static Thread racer(ConcurrentLinkedQueue<Throwable> odd, Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int i = 0; ; i++) {
                  step.run(i);
                }
              } catch (RefusedException e) {
                if (e.refusal() != Refusal.CLOSED) {
                  odd.add(e);
                }
              } catch (IllegalStateException e) {
                if (!e.getMessage().contains("closed")) {
                  odd.add(e);
                }
              } catch (Throwable e) {
                odd.add(e);
              }
            });
    thread.start();
    return thread;
  }
}
