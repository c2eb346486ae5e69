package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.QueueStatus.Counts;
import dev.bobbin.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same queue in two processes, here two {@code Bobbin}s that share nothing but the broker. */
class SeveralProcessesTest {
  private static final int JOBS = 2_000;

  // One partition: of several, the broker may give the only one that has jobs to one process alone.
  private final KafkaOptions options = SharedBroker.options().withPrefetch(50).withPartitions(1);
  private final List<Bobbin> bobbins = new ArrayList<>();
  private final JobQueue<String> one = process();
  private final JobQueue<String> two = process();

  private JobQueue<String> process() {
    Bobbin bobbin = KafkaBobbin.connect(options);
    bobbins.add(bobbin);
    RetryPolicy never = RetryPolicy.exponential(Duration.ZERO).attempts(1);
    return bobbin.queue("mail", Codec.text(), QueueOptions.defaults().withRetry(never));
  }

  @AfterEach
  void close() {
    bobbins.forEach(Bobbin::close);
  }

  @Test
  void bothWorkAndEachJobIsHandledOnce() {
    Set<String> handled = ConcurrentHashMap.newKeySet();
    AtomicInteger deliveries = new AtomicInteger();
    // Each waits for the other's first job, however late the other joins: it ends only if both got
    // some.
    CountDownLatch oneHasOne = new CountDownLatch(1);
    CountDownLatch twoHasOne = new CountDownLatch(1);
    one.work(
        2,
        job -> {
          oneHasOne.countDown();
          twoHasOne.await();
          deliveries.incrementAndGet();
          handled.add(job);
        });
    two.work(
        2,
        job -> {
          twoHasOne.countDown();
          oneHasOne.await();
          deliveries.incrementAndGet();
          handled.add(job);
        });
    for (int i = 0; i < JOBS; i++) {
      (i % 2 == 0 ? one : two).submit("job " + i);
    }
    assertThat(one.awaitIdle(Patience.LONG)).isTrue();
    assertThat(two.awaitIdle(Patience.LONG)).isTrue();
    assertThat(handled).hasSize(JOBS);
    assertThat(deliveries).hasValue(JOBS);
    assertThat(one.status().totals().acked() + two.status().totals().acked()).isEqualTo(JOBS);
  }

  @Test
  void countsAgreeAtRest() {
    for (int i = 0; i < 30; i++) {
      one.submit("job " + i);
      two.submit("later " + i, Duration.ofHours(1));
    }
    one.work(
        1,
        job -> {
          throw new IllegalStateException("deliberate");
        });
    Counts expected = new Counts(0, 0, 30, 30);
    for (JobQueue<String> queue : List.of(one, two)) {
      Patience.until(
          "both see 30 dead and 30 delayed, found " + queue.status().counts(),
          () -> queue.status().counts().equals(expected));
    }
    JobQueue<String> third = process();
    assertThat(third.status().counts()).isEqualTo(expected);
    assertThat(third.recovery().delayed()).isEqualTo(30);
  }

  @Test
  void idleIsOnlyWhereNobodyHasAJobInHand() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    one.work(
        1,
        job -> {
          began.countDown();
          go.await();
        });
    two.submit("job");
    began.await();
    assertThat(two.awaitIdle(Duration.ofMillis(1_500))).isFalse();
    assertThat(two.status().counts().unfinished()).isEqualTo(1);
    go.countDown();
    assertThat(two.awaitIdle(Patience.LONG)).isTrue();
  }

  /** Counts are asked for some seconds after somebody looked, and as long as somebody waits. */
  @Test
  void waitsForTheOtherHoweverLongItTakes() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    one.work(1, job -> go.await());
    two.submit("job");
    CompletableFuture<Boolean> idle =
        CompletableFuture.supplyAsync(() -> two.awaitIdle(Patience.LONG));
    Load.goOn(Duration.ofSeconds(6));
    assertThat(idle).isNotDone();
    go.countDown();
    assertThat(idle.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closeHandsBackAtOnce() throws InterruptedException {
    IntStream.range(0, 40).forEach(i -> one.submit("job " + i));
    CountDownLatch began = new CountDownLatch(1);
    one.work(
        1,
        job -> {
          began.countDown();
          new CountDownLatch(1).await();
        });
    began.await();
    bobbins.get(0).close(Duration.ofMillis(100));
    Set<String> others = ConcurrentHashMap.newKeySet();
    two.work(1, others::add);
    // The broker's lock holds for 30 s: what comes sooner was handed back.
    assertThat(two.awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(others).hasSize(40);
  }

  @Test
  void pausedProcessLeavesTheJobsToTheOther() {
    BlockingQueue<String> byOne = new LinkedBlockingQueue<>();
    BlockingQueue<String> byTwo = new LinkedBlockingQueue<>();
    one.work(1, byOne::add);
    one.submit("first");
    assertThat(Patience.next(byOne)).isEqualTo("first");
    one.pause();
    two.work(1, byTwo::add);
    IntStream.range(0, 20).forEach(i -> one.submit("job " + i));
    for (int i = 0; i < 20; i++) {
      Patience.next(byTwo);
    }
    assertThat(byOne).isEmpty();
    two.pause();
    one.resume();
    two.submit("last");
    assertThat(Patience.next(byOne)).isEqualTo("last");
  }
}
