package dev.bobbin.torture.child;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueStatus;
import dev.bobbin.WorkOptions;
import dev.bobbin.torture.oracle.Log;
import dev.bobbin.torture.oracle.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that suffers. Says {@code opening}, {@code open}, and {@code closed} on standard
 * output, the last with how many outcomes came late and how many jobs lost their lease; {@code
 * holding} when it holds jobs for the first time, if it does; {@code failed} and the cause if the
 * queue has stopped after an error, and goes on, to see that nothing succeeds any more. Closes in
 * order when it reads {@code close}, also while it submits; ends at once when standard input ends,
 * so that it never outlives the campaign.
 */
public final class Child {
  /** The queue's name. */
  public static final String QUEUE = "torture";

  /** It ended in order, after a failure. */
  static final int EXIT_FAILED = 7;

  /** Standard input has ended. */
  private static final int EXIT_ORPHAN = 8;

  /** Something happened that must not. */
  static final int EXIT_BROKEN = 9;

  private static final int BATCH = 64;
  private static final int PRODUCERS = 2;

  final ChildOptions options;
  final Plan plan;
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicBoolean held = new AtomicBoolean();

  /** The disk was full: then flush cycles are not whole, and acks wait. */
  private volatile boolean full;

  /** The child has been told to end. */
  private volatile boolean stopping;

  private Child(ChildOptions options) {
    this.options = options;
    this.plan = new Plan(options.seed());
  }

  public static void main(String[] args) {
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> die(error));
    try {
      new Child(ChildOptions.parse(args)).live();
    } catch (Throwable e) {
      die(e);
    }
  }

  static void die(Throwable error) {
    error.printStackTrace();
    Runtime.getRuntime().halt(EXIT_BROKEN);
  }

  private void live() throws Exception {
    say("opening");
    Bobbin bobbin = Bobbin.open(options.data());
    JobQueue<byte[]> queue =
        bobbin.queue(
            QUEUE,
            Codec.bytes(),
            Plan.queueOptions(options.flushMillis()).withDurability(options.durability()));
    say("open " + queue.recovery());
    Duration lease = Duration.ofMillis(options.leaseMillis());
    Handlers handlers = new Handlers(this);
    queue.workBatches(WorkOptions.workers(2).batch(BATCH).lease(lease), handlers::handle);
    queue.workRaw(WorkOptions.workers(1).batch(Log.RAW_BATCH), handlers::handle);
    Thread taker = start(new Taker(this, queue, lease));
    Thread watcher = start(new Watcher(this, queue));
    List<Thread> producers = new ArrayList<>();
    if (options.mode() == ChildOptions.Mode.RUN) {
      for (int i = 0; i < PRODUCERS; i++) {
        producers.add(start(new Producer(this, queue, i)));
      }
      awaitClose();
    } else {
      awaitEmpty(queue);
    }
    stopping = true;
    taker.join();
    watcher.join();
    close(bobbin);
    for (Thread producer : producers) {
      producer.join();
    }
    QueueStatus.Totals totals = queue.status().totals();
    say("closed late " + totals.staleAcks() + " lost " + totals.leasesLost());
    System.exit(hasFailed() ? EXIT_FAILED : 0);
  }

  private void close(Bobbin bobbin) {
    try {
      bobbin.close();
      if (hasFailed()) {
        die(new AssertionError("a queue that had failed was closed as if it had not"));
      }
    } catch (BobbinException e) {
      sawFailure(e);
    }
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void awaitClose() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (input.readLine() == null) {
      Runtime.getRuntime().halt(EXIT_ORPHAN);
    }
  }

  /** Returns when no job is left, or the queue has failed. */
  private void awaitEmpty(JobQueue<?> queue) throws InterruptedException {
    while (queue.status().unfinished() > 0 && !hasFailed()) {
      // Delayed jobs become ready by themselves, so being idle is not enough.
      queue.awaitIdle(Duration.ofMillis(50));
      Thread.sleep(5);
    }
  }

  /** Holds jobs for some time, if this child is to hold them; says so the first time. */
  void hold() {
    if (options.holdMillis() > 0) {
      if (held.compareAndSet(false, true)) {
        say("holding");
      }
      long millis = ThreadLocalRandom.current().nextLong(options.holdMillis());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  boolean isStopping() {
    return stopping;
  }

  boolean hasFailed() {
    return failed.get();
  }

  /** The queue has stopped after an error. */
  void sawFailure(Throwable cause) {
    if (failed.compareAndSet(false, true)) {
      say("failed " + cause.toString().replace('\n', ' '));
    }
  }

  boolean hasBeenFull() {
    return full;
  }

  void sawFull() {
    full = true;
  }

  /** A log for the calling thread. */
  Log log(Log.Kind kind, int records) {
    try {
      return Log.create(options.logs(), options.run(), kind, threads.getAndIncrement(), records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
