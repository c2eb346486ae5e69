package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import dev.bobbin.internal.local.LocalBobbin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link JobQueue#take} and {@link Lease} promise. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class LeaseTest extends OneQueue {
  private static final Duration SHORT = Duration.ofMillis(30);
  @TempDir Path elsewhere;

  LeaseTest(Backend backend) {
    super(backend, 3);
  }

  private void submit(String... payloads) {
    queue.submitAll(List.of(payloads));
  }

  /** Takes exactly so many jobs under one lease or several. */
  private List<Lease<String>> take(int jobs, Duration leaseTime) {
    List<Lease<String>> leases = new ArrayList<>();
    int taken = 0;
    while (taken < jobs) {
      Lease<String> lease = queue.take(jobs - taken, LONG, leaseTime);
      assertThat(lease.isEmpty()).isFalse();
      taken += lease.size();
      leases.add(lease);
    }
    assertThat(taken).isEqualTo(jobs);
    return leases;
  }

  private Lease<String> takeOne(Duration leaseTime) {
    return take(1, leaseTime).get(0);
  }

  private void expectNothing() {
    assertThat(queue.take(10, Duration.ZERO).size()).isZero();
  }

  private void expectUnfinished(long jobs) {
    assertThat(queue.status().unfinished()).isEqualTo(jobs);
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
  void ackSettlesOneJobAndNotItsNeighbours() {
    submit("a", "b", "c");
    Lease<String> lease = queue.take(3, LONG);
    assertThat(lease.job(1).ack()).isTrue();
    assertThat(lease.unsettled()).isEqualTo(2);
    expectUnfinished(2);
    lease.close();
    assertThat(queue.take(3, LONG)).extracting(LeasedJob::payload).containsExactly("a", "c");
  }

  @Test
  void ackAllSettlesWhatIsLeft() {
    submit("a", "b", "c");
    Lease<String> lease = queue.take(3, LONG);
    assertThat(lease.job(1).reject("no")).isTrue();
    assertThat(lease.ackAll()).isEqualTo(2);
    assertThat(lease.ackAll()).isZero();
    assertThat(lease.unsettled()).isZero();
    assertThat(lease.expiresIn()).isZero();
    expectUnfinished(0);
    assertThat(queue.status().totals().acked()).isEqualTo(2);
    assertThat(queue.deadLetters().list(9)).extracting(DeadLetter::reason).containsExactly("no");
  }

  @Test
  void eachOutcomeTakesEffectAtOnce() {
    submit("retry", "soon", "snooze", "reject");
    Lease<String> lease = queue.take(4, LONG);
    assertThat(lease.job(0).retry("first")).isTrue();
    assertThat(lease.job(1).retry(Duration.ofDays(1), "second")).isTrue();
    assertThat(lease.job(2).snooze(Duration.ZERO)).isTrue();
    assertThat(lease.job(3).reject("third")).isTrue();
    assertThat(queue.deadLetters().count()).isEqualTo(1);
    List<String> again = new ArrayList<>();
    for (Lease<String> part : take(2, LONG)) {
      part.forEach(job -> again.add(job.payload() + job.attempt()));
    }
    assertThat(again).containsExactlyInAnyOrder("retry2", "snooze1");
    assertThat(queue.status().counts().delayed()).isEqualTo(1);
    assertThat(queue.status().totals().retried()).isEqualTo(2);
    assertThat(queue.status().totals().snoozed()).isEqualTo(1);
  }

  @Test
  void attemptsRunOut() {
    submit("a");
    for (int attempt = 1; attempt <= 3; attempt++) {
      LeasedJob<String> job = takeOne(LONG).job(0);
      assertThat(job.attempt()).isEqualTo(attempt);
      job.retry("failure " + attempt);
    }
    expectNothing();
    DeadLetter letter = queue.deadLetters().list(9).get(0);
    assertThat(letter.reason()).isEqualTo("failure 3");
    assertThat(letter.attempts()).isEqualTo(3);
  }

  @Test
  void secondOutcomeChangesNothing() {
    submit("a");
    LeasedJob<String> job = takeOne(LONG).job(0);
    assertThat(job.ack()).isTrue();
    assertThat(job.ack()).isFalse();
    assertThat(job.retry("late")).isFalse();
    assertThat(job.reject("late")).isFalse();
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(queue.deadLetters().count()).isZero();
    // It is this holder's own job all the time, so nothing is stale.
    assertThat(Inside.counters(queue).staleAcks.sum()).isZero();
  }

  @Test
  void expiredLeaseGivesItsJobsToOthersAndBurnsNoAttempt() {
    submit("a", "b");
    Lease<String> lost = queue.take(2, LONG);
    assertThat(lost.job(0).ack()).isTrue();
    assertThat(lost.renew(SHORT)).isTrue();
    Lease<String> again = takeOne(LONG);
    assertThat(again.job(0).payload()).isEqualTo("b");
    assertThat(again.job(0).id()).isEqualTo(lost.job(1).id());
    assertThat(again.job(0).attempt()).isEqualTo(1);
    assertThat(lost.expiresIn()).isZero();
    assertThat(lost.unsettled()).isZero();
    assertThat(Inside.counters(queue).leasesLost.sum()).isEqualTo(1);
    // Invariant 6: stale outcomes change nothing and are counted.
    assertThat(lost.job(1).ack()).isFalse();
    assertThat(lost.job(1).retry("late")).isFalse();
    assertThat(lost.job(1).snooze(Duration.ZERO)).isFalse();
    assertThat(lost.job(1).reject("late")).isFalse();
    assertThat(lost.ackAll()).isZero();
    assertThat(lost.renew()).isFalse();
    assertThat(Inside.counters(queue).staleAcks.sum()).isEqualTo(5);
    expectUnfinished(1);
    assertThat(again.job(0).ack()).isTrue();
    expectUnfinished(0);
    assertThat(queue.deadLetters().count()).isZero();
    assertThat(queue.status().totals().retried()).isZero();
  }

  @Test
  void expiredLeaseGoesToWorkersToo() throws Exception {
    submit("a");
    queue.take(1, LONG, SHORT);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    queue.work(1, seen::add);
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("a");
    assertThat(queue.awaitIdle(LONG)).isTrue();
    expectUnfinished(0);
  }

  @Test
  void retriedJobCanBeLostAndComesBackWithItsAttempt() {
    submit("a");
    takeOne(LONG).job(0).retry("once");
    assertThat(takeOne(SHORT).job(0).attempt()).isEqualTo(2);
    Lease<String> again = takeOne(LONG);
    assertThat(again.job(0).attempt()).isEqualTo(2);
    again.ackAll();
    expectUnfinished(0);
  }

  @Test
  void renewedLeaseLasts() throws Exception {
    submit("a");
    Lease<String> lease = takeOne(Duration.ofMinutes(10));
    for (int i = 0; i < 4; i++) {
      time.step(Duration.ofMinutes(6));
      assertThat(((LocalBobbin) bobbin).awaitTimer(LONG.toNanos())).isTrue();
      assertThat(lease.renew()).isTrue();
      assertThat(lease.expiresIn()).isBetween(Duration.ofMinutes(7), Duration.ofMinutes(10));
    }
    assertThat(lease.job(0).ack()).isTrue();
    assertThat(Inside.counters(queue).leasesLost.sum()).isZero();
  }

  @Test
  void renewingCanShortenALease() {
    submit("a");
    Lease<String> lease = takeOne(Duration.ofDays(1));
    assertThat(lease.renew(Duration.ofMillis(10))).isTrue();
    assertThat(takeOne(LONG).job(0).payload()).isEqualTo("a");
    assertThat(lease.renew()).isFalse();
    assertThat(Inside.counters(queue).leasesLost.sum()).isEqualTo(1);
  }

  @Test
  void renewingSettledLeaseSaysSo() {
    submit("a");
    Lease<String> lease = takeOne(LONG);
    lease.ackAll();
    assertThat(lease.renew()).isFalse();
    assertThat(lease.renew(LONG)).isFalse();
  }

  @Test
  void closingHandsBackAtOnceAndLosesNothing() {
    submit("a", "b", "c");
    try (Lease<String> lease = queue.take(3, LONG)) {
      lease.job(0).ack();
    }
    Lease<String> again = queue.take(3, LONG);
    assertThat(again).extracting(LeasedJob::payload).containsExactly("b", "c");
    assertThat(again).extracting(LeasedJob::attempt).containsOnly(1);
    assertThat(Inside.counters(queue).handedBack.sum()).isEqualTo(2);
    assertThat(Inside.counters(queue).leasesLost.sum()).isZero();
    assertThat(Inside.counters(queue).staleAcks.sum()).isZero();
  }

  @Test
  void tokensGrow() {
    submit("a", "b");
    long last = 0;
    for (int i = 0; i < 5; i++) {
      Lease<String> lease = queue.take(1, LONG);
      assertThat(lease.token()).isGreaterThan(last);
      last = lease.token();
      lease.close();
    }
    if (backend == Backend.DIRECTORY) {
      bobbin.close();
      open();
      assertThat(queue.take(1, LONG).token()).isGreaterThan(last);
    }
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
  void closedQueueRefusesLateOutcomes() {
    submit("a", "b");
    Lease<String> lease = queue.take(2, LONG);
    assertThat(lease.job(0).ack()).isTrue();
    queue.close();
    assertThat(lease.job(1).ack()).isFalse();
    assertThat(lease.ackAll()).isZero();
    lease.close();
    if (backend == Backend.DIRECTORY) {
      queue = bobbin.queue("q", Codec.text(), options);
      assertThat(queue.recovery().cleanlyClosed()).isTrue();
      assertThat(takeOne(LONG).job(0).payload()).isEqualTo("b");
      expectNothing();
    }
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
  void anyThreadMaySettle() throws Exception {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      all.add("job " + i);
    }
    queue.submitAll(all);
    List<Lease<String>> leases = take(200, LONG);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(new Thread(() -> leases.forEach(lease -> lease.forEach(LeasedJob::ack))));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(queue.status().totals().acked()).isEqualTo(200);
    expectUnfinished(0);
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

  /** A job that brings its puller's process down each time must end somewhere, too. */
  @Test
  void jobsUnderALeaseAreSuspectsWhenTheProcessDies() {
    if (backend == Backend.MEMORY) {
      return;
    }
    submit("settled", "held", "given back", "ready");
    takeOne(LONG).ackAll();
    Lease<String> held = takeOne(LONG);
    takeOne(LONG).close();
    Path left = Crash.processDeath(directory, elsewhere.resolve("left"));
    held.ackAll();
    try (Bobbin again = Bobbin.open(left)) {
      JobQueue<String> recovered = again.queue("q", Codec.text(), options);
      assertThat(recovered.recovery().suspects()).isEqualTo(1);
      List<String> payloads = new ArrayList<>();
      while (payloads.size() < 3) {
        Lease<String> lease = recovered.take(9, LONG);
        if (lease.job(0).payload().equals("held")) {
          // Handed out alone, so that the next crash tells who did it.
          assertThat(lease.size()).isEqualTo(1);
        }
        lease.forEach(job -> payloads.add(job.payload()));
        lease.ackAll();
      }
      assertThat(payloads).containsExactlyInAnyOrder("held", "given back", "ready");
    }
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
  void headersAndPriorityCanBeReadAndUrgentJobsStayUrgent() {
    queue.submit("urgent", JobOptions.priority(Priority.URGENT).header("trace", "1"));
    Lease<String> lost = takeOne(LONG);
    assertThat(lost.job(0).headers()).containsEntry("trace", "1");
    assertThat(lost.job(0).priority()).isEqualTo(Priority.URGENT);
    submit("normal");
    lost.close();
    assertThat(takeOne(LONG).job(0).payload()).isEqualTo("urgent");
  }

  @Test
  void unsettledLeasesDoNotOutliveTheQueue() throws Exception {
    if (backend == Backend.MEMORY) {
      return;
    }
    submit("a", "b", "c");
    Lease<String> lease = queue.take(3, LONG);
    lease.job(1).ack();
    bobbin.close();
    open();
    assertThat(queue.recovery().ready()).isEqualTo(2);
    List<String> again = new ArrayList<>();
    take(2, LONG).forEach(part -> part.forEach(job -> again.add(job.payload() + job.attempt())));
    assertThat(again).containsExactlyInAnyOrder("a1", "c1");
  }
}
