package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link JobQueue#take} promises: which jobs it gets, and how long it waits for them. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class TakeTest extends Leases {
  TakeTest(Backend backend) {
    super(backend);
  }

  @Test
  void leaseHoldsTheJobsThatAreThere() {
    submit("a", "b", "c");
    Lease<String> lease = queue.take(2, LONG);
    assertThat(lease).extracting(LeasedJob::payload).containsExactly("a", "b");
    assertThat(lease.size()).isEqualTo(2);
    assertThat(lease.unsettled()).isEqualTo(2);
    assertThat(lease.job(1).attempt()).isEqualTo(1);
    assertThat(lease.job(1).submittedAt()).isAfter(java.time.Instant.now().minusSeconds(60));
    assertThat(lease.expiresIn()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    assertThatThrownBy(() -> lease.job(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(queue.take(10, LONG)).extracting(LeasedJob::payload).containsExactly("c");
    expectNothing();
    assertThat(queue.status().counts().inFlight()).isEqualTo(3);
  }

  @Test
  void headersAndPriorityCanBeReadAndUrgentJobsStayUrgent() {
    queue.submit("urgent", JobOptions.priority(Priority.URGENT).header("trace", "1"));
    Lease<String> lost = takeOne(LONG);
    assertThat(lost.job(0).headers()).containsEntry("trace", "1");
    assertThat(lost.job(0).priority()).isEqualTo(Priority.URGENT);
    submit("normal");
    lost.close();
    assertThat(takeOne(LONG).job(0).payload()).isEqualTo("urgent");
  }

  /** They are ready: that they are being read back is nothing that a taker has to know. */
  @Test
  void takeThatDoesNotWaitGetsJobsThatLieInTheJournal() {
    assumeTrue(backend == Backend.DIRECTORY);
    // One alone: two that were flushed apart would be read one after the other.
    submit("a");
    int got = 0;
    while (got < 20) {
      close();
      open();
      long began = System.nanoTime();
      try (Lease<String> lease = queue.take(9, Duration.ZERO)) {
        if (lease.isEmpty() && System.nanoTime() - began >= TimeUnit.SECONDS.toNanos(1)) {
          // So long it waits for what is being read, and here the machine stood still.
          continue;
        }
        assertThat(lease).extracting(LeasedJob::payload).containsExactly("a");
        got++;
      }
    }
  }

  @Test
  void takeThatMayNotGetThemDoesNotWaitForJobsInTheJournal() {
    assumeTrue(backend == Backend.DIRECTORY);
    submit("a", "b");
    long nanos = Long.MAX_VALUE;
    // More than once for a machine that stood still.
    for (int i = 0; i < 5 && nanos >= TimeUnit.MILLISECONDS.toNanos(500); i++) {
      close();
      open();
      queue.pause();
      long began = System.nanoTime();
      expectNothing();
      nanos = System.nanoTime() - began;
    }
    assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void takeWaitsForAJob() throws Exception {
    CompletableFuture<Lease<String>> lease =
        CompletableFuture.supplyAsync(() -> queue.take(5, LONG));
    submit("a");
    assertThat(lease.get(60, TimeUnit.SECONDS)).extracting(LeasedJob::payload).containsExactly("a");
  }

  @Test
  void waitEndsWithoutAJob() {
    long began = System.nanoTime();
    Lease<String> lease = queue.take(5, Duration.ofMillis(50));
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(50_000_000);
    assertThat(lease.size()).isZero();
    assertThat(lease.isEmpty()).isTrue();
    assertThat(lease.token()).isZero();
    assertThat(lease.expiresIn()).isZero();
    assertThat(lease.renew()).isFalse();
    assertThat(lease.ackAll()).isZero();
    assertThat(lease.iterator().hasNext()).isFalse();
    lease.close();
  }

  @Test
  void interruptEndsTheWaitAndStaysSet() throws Exception {
    AtomicReference<Lease<String>> got = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread taker =
        new Thread(
            () -> {
              got.set(queue.take(5, LONG));
              flag.set(Thread.currentThread().isInterrupted());
            });
    taker.start();
    taker.interrupt();
    taker.join();
    assertThat(got.get().isEmpty()).isTrue();
    assertThat(flag.get()).isTrue();
  }

  @Test
  void closeEndsTheWait() throws Exception {
    CompletableFuture<Lease<String>> lease = new CompletableFuture<>();
    Thread taker = new Thread(() -> lease.complete(queue.take(5, Duration.ofHours(1))));
    taker.start();
    Crash.await("taker parks", () -> taker.getState() == Thread.State.TIMED_WAITING);
    queue.close();
    assertThat(lease.get(60, TimeUnit.SECONDS).isEmpty()).isTrue();
    assertThatThrownBy(() -> queue.take(1, Duration.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void failureEndsTheWait() throws Exception {
    CompletableFuture<Lease<String>> lease = new CompletableFuture<>();
    Thread taker =
        new Thread(
            () -> {
              try {
                lease.complete(queue.take(5, Duration.ofHours(1)));
              } catch (Throwable e) {
                lease.completeExceptionally(e);
              }
            });
    taker.start();
    Crash.await("taker parks", () -> taker.getState() == Thread.State.TIMED_WAITING);
    Inside.fail(queue, new java.io.IOException("disk gone"));
    assertThatThrownBy(() -> lease.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(BobbinException.class)
        .hasMessageContaining("disk gone");
    assertThatThrownBy(bobbin::close).hasMessageContaining("disk gone");
  }

  @Test
  void expiredJobBecomesADeadLetterInsteadOfALease() throws Exception {
    queue.submit("late", JobOptions.NONE.expiringAfter(Duration.ofMillis(1)));
    TimeUnit.MILLISECONDS.sleep(5);
    assertThat(queue.take(1, Duration.ofMillis(20)).isEmpty()).isTrue();
    assertThat(queue.deadLetters().list(9).get(0).reason()).startsWith("expired");
    expectUnfinished(0);
  }

  @Test
  void undecodableJobsBecomeDeadLetters() {
    JobQueue<byte[]> bytes = bobbin.queue("mixed", Codec.bytes(), options);
    bytes.submit(new byte[] {'a'});
    bytes.submit(new byte[] {(byte) 0xFF});
    bytes.submit(new byte[] {'b'});
    bytes.close();
    if (backend == Backend.MEMORY) {
      return;
    }
    JobQueue<String> text = bobbin.queue("mixed", Codec.text(), options);
    List<String> payloads = new ArrayList<>();
    while (payloads.size() < 2) {
      Lease<String> lease = text.take(3, LONG);
      lease.forEach(
          job -> {
            payloads.add(job.payload());
            assertThat(job.ack()).isTrue();
          });
      assertThat(lease.unsettled()).isZero();
    }
    assertThat(payloads).containsExactly("a", "b");
    assertThat(text.deadLetters().list(9))
        .singleElement()
        .satisfies(letter -> assertThat(letter.reason()).startsWith("cannot be decoded"));
    assertThat(text.status().unfinished()).isZero();
  }

  @Test
  void leaseWithUndecodableJobsAloneIsNotReturned() {
    Codec<String> picky =
        new Codec<>() {
          @Override
          public byte[] encode(String payload) {
            return payload.getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public String decode(byte[] bytes, int offset, int length) {
            if (bytes[offset] == 'x') {
              throw new IllegalStateException("an x");
            }
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
          }
        };
    JobQueue<String> strict = bobbin.queue("strict", picky, options);
    strict.submit("x1");
    assertThat(strict.take(5, Duration.ofMillis(20)).isEmpty()).isTrue();
    strict.submitAll(List.of("x2", "a", "x3"));
    Lease<String> lease = strict.take(5, LONG);
    assertThat(lease).extracting(LeasedJob::payload).containsExactly("a");
    assertThat(lease.unsettled()).isEqualTo(1);
    assertThat(lease.job(0).ack()).isTrue();
    assertThat(strict.deadLetters().count()).isEqualTo(3);
    assertThat(strict.status().unfinished()).isZero();
  }

  @Test
  void manyTakersLoseAndDuplicateNothing() throws Exception {
    int jobs = 5_000;
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    List<Thread> takers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      takers.add(
          new Thread(
              () -> {
                while (seen.size() < jobs) {
                  Lease<String> lease = queue.take(50, Duration.ofMillis(20));
                  lease.forEach(job -> seen.add(job.payload()));
                  lease.ackAll();
                }
              }));
    }
    takers.forEach(Thread::start);
    for (int i = 0; i < jobs; i++) {
      queue.submit("job " + i);
    }
    for (Thread taker : takers) {
      taker.join();
    }
    assertThat(seen).hasSize(jobs);
    assertThat(new HashSet<>(seen)).hasSize(jobs);
    expectUnfinished(0);
  }

  /** Takes until no more may be in hand, with jobs left. */
  private List<Lease<String>> takeAllThatMayBeInHand() {
    for (int i = 0; i < 40; i++) {
      queue.submit("x".repeat(2_000));
    }
    List<Lease<String>> leases = new ArrayList<>();
    Lease<String> lease = queue.take(1, Duration.ZERO);
    while (!lease.isEmpty()) {
      leases.add(lease);
      lease = queue.take(1, Duration.ZERO);
    }
    assertThat(leases.size()).isBetween(2, 20);
    return leases;
  }

  /** Held jobs share a bounded room; whoever finds it used up waits until some of it is free. */
  @Test
  void takerWaitsWhileTooMuchIsInHand() throws Exception {
    List<Lease<String>> leases = takeAllThatMayBeInHand();
    CompletableFuture<Lease<String>> waiting = new CompletableFuture<>();
    Thread taker = new Thread(() -> waiting.complete(queue.take(1, LONG)));
    taker.start();
    Crash.await("taker parks", () -> taker.getState() == Thread.State.TIMED_WAITING);
    leases.get(0).ackAll();
    leases.get(1).ackAll();
    assertThat(waiting.get(60, TimeUnit.SECONDS).size()).isEqualTo(1);
  }

  @Test
  void workerWaitsWhileTooMuchIsInHand() {
    List<Lease<String>> leases = takeAllThatMayBeInHand();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    List<Thread> threads = new ArrayList<>();
    queue.work(
        WorkOptions.workers(2)
            .threadsFrom(
                runnable -> {
                  Thread thread = new Thread(runnable);
                  threads.add(thread);
                  return thread;
                }),
        seen::add);
    Crash.await(
        "workers park", () -> threads.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    assertThat(seen).isEmpty();
    leases.forEach(Lease::ackAll);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    expectUnfinished(0);
    assertThat(seen).hasSize(40 - leases.size());
  }

  @Test
  void argumentsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> queue.take(0, LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max must be from 1 to 4096, found 0");
    assertThatThrownBy(() -> queue.take(1, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.take(1, LONG, Duration.ofMillis(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a lease must be from 10 ms to 3650 days");
    submit("a");
    Lease<String> lease = takeOne(LONG);
    assertThatThrownBy(() -> lease.job(0).snooze(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(lease.job(0).ack()).isTrue();
  }
}
