package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.JobQueue;
import dev.bobbin.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs with numbers that go into a queue and come out of it, while a test does its worst: which of
 * them were accepted, how often each was delivered, and what was refused. One producer waits for
 * the brokers after every hundred jobs, another one never does.
 */
final class Load implements AutoCloseable {
  private static final String FILLING = "x".repeat(1_000);
  private static final int SYNC_EVERY = 100;

  private final JobQueue<String> queue;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, Boolean> accepted = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> deliveries = new ConcurrentHashMap<>();

  /** By reason and the words that say why. */
  private final Map<String, Integer> refused = new TreeMap<>();

  private final AtomicInteger synced = new AtomicInteger();
  private final List<Thread> producers;
  private volatile boolean stopping;
  private volatile @Nullable Throwable failure;

  Load(JobQueue<String> queue) {
    this.queue = queue;
    this.producers =
        List.of(
            new Thread(() -> produce(SYNC_EVERY), "syncing producer"),
            new Thread(() -> produce(Integer.MAX_VALUE), "other producer"));
  }

  void start() {
    queue.work(2, this::deliver);
    producers.forEach(Thread::start);
  }

  private void deliver(String payload) {
    deliveries.merge(Integer.parseInt(payload.substring(0, 9)), 1, Integer::sum);
  }

  private void produce(int syncEvery) {
    try {
      int unsynced = 0;
      while (!stopping) {
        int number = numbers.getAndIncrement();
        if (submit(number) && ++unsynced == syncEvery) {
          queue.sync();
          synced.addAndGet(unsynced);
          unsynced = 0;
        }
        TimeUnit.MICROSECONDS.sleep(200);
      }
    } catch (InterruptedException | RuntimeException e) {
      failure = e;
    }
  }

  private boolean submit(int number) {
    try {
      queue.submit(String.format("%09d%s", number, FILLING));
      accepted.put(number, true);
      return true;
    } catch (RefusedException e) {
      synchronized (refused) {
        refused.merge(e.refusal() + ": " + e.detail(), 1, Integer::sum);
      }
      assertThat(e.detail()).isNotBlank();
      return false;
    }
  }

  /** Goes on for so long, which is the test's own choice. */
  static void goOn(Duration time) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
  }

  /** Waits until jobs are delivered that were submitted from now on. */
  void awaitThrough() {
    int number = numbers.get();
    Patience.until(
        "a job is delivered that was submitted now",
        () -> failure != null || deliveries.keySet().stream().anyMatch(n -> n > number));
  }

  /** Ends the load, has everything worked off, and checks that nothing is missing. */
  void finish(String what, Duration patience) throws InterruptedException {
    stopping = true;
    for (Thread producer : producers) {
      producer.join();
    }
    assertThat(failure).as("what ended a producer").isNull();
    queue.sync();
    boolean idle = queue.awaitIdle(patience);
    long again = deliveries.values().stream().mapToInt(count -> count - 1).sum();
    long lost = accepted.keySet().stream().filter(n -> !deliveries.containsKey(n)).count();
    System.out.printf(
        "FIGURES %s: jobs %d, of them synced %d, redelivered %d, lost %d, refused %s, idle %s%n",
        what, accepted.size(), synced.get(), again, lost, refused, idle);
    assertThat(lost).as("lost jobs").isZero();
    assertThat(idle).as("nothing is left").isTrue();
    assertThat(queue.status().counts().unfinished()).isZero();
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Override
  public void close() {
    stopping = true;
    producers.forEach(Thread::interrupt);
  }
}
