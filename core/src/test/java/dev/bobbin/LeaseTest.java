package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import dev.bobbin.internal.local.LocalBobbin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a {@link Lease} promises to its holder, and to others when it has ended. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class LeaseTest extends Leases {
  private static final Duration SHORT = Duration.ofMillis(30);

  @TempDir Path elsewhere;

  LeaseTest(Backend backend) {
    super(backend);
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
