package dev.bobbin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process that {@link KillTest} kills. Says {@code opening} and {@code open} on standard
 * output; closes in order when it reads {@code close}; ends at once when standard input ends, so
 * that it never outlives the test.
 */
final class KillChild {
  /** Jobs of one producer in one run at most. */
  static final int MAX_JOBS = 300_000;

  private static final int WORKER_RECORDS = 2_000_000;
  static final int RAW_BATCH = 256;

  private final Path logs;
  private final int run;
  private final long seed;
  private final AtomicInteger threads = new AtomicInteger();
  private volatile boolean stopping;

  private KillChild(Path logs, int run, long seed) {
    this.logs = logs;
    this.run = run;
    this.seed = seed;
  }

  public static void main(String[] args) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> die(error));
    try {
      KillChild child =
          new KillChild(Path.of(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[3]));
      child.live(Path.of(args[0]), Long.parseLong(args[4]), args[5].equals("drain"));
    } catch (Throwable e) {
      die(e);
    }
  }

  private static void die(Throwable error) {
    error.printStackTrace();
    Runtime.getRuntime().halt(9);
  }

  private void live(Path directory, long flushMillis, boolean drain) throws Exception {
    say("opening");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<byte[]> queue = bobbin.queue("kill", Codec.bytes(), KillJobs.options(flushMillis));
      say("open " + queue.recovery());
      queue.workBatches(WorkOptions.workers(2).batch(64), this::handle);
      queue.workRaw(WorkOptions.workers(1).batch(RAW_BATCH), this::handle);
      List<Thread> producers = new ArrayList<>();
      for (int i = 0; i < 2 && !drain; i++) {
        int producer = i;
        producers.add(new Thread(() -> produce(queue, producer)));
      }
      producers.forEach(Thread::start);
      if (drain) {
        awaitEmpty(queue);
      } else {
        awaitClose();
      }
      stopping = true;
      for (Thread producer : producers) {
        producer.join();
      }
    }
    say("closed");
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void awaitClose() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (input.readLine() == null) {
      Runtime.getRuntime().halt(8);
    }
  }

  private synchronized void awaitEmpty(JobQueue<?> queue) throws InterruptedException {
    while (queue.status().unfinished() > 0) {
      queue.status().failure().ifPresent(KillChild::die);
      wait(50);
    }
  }

  private void produce(JobQueue<byte[]> queue, int producer) {
    KillLog log = log("producer-" + producer, MAX_JOBS);
    for (int i = 0; i < MAX_JOBS && !stopping; i++) {
      long key = KillJobs.key(run, producer, i);
      byte[] payload = KillJobs.payload(seed, key);
      int delay = KillJobs.delayMillis(seed, key);
      log.append(KillLog.INTENT, 0, 0, key, 0, payload.length);
      if (delay == 0) {
        queue.submit(payload);
      } else {
        queue.submit(payload, Duration.ofMillis(delay));
      }
      log.accepted();
    }
  }

  private KillLog log(String name, int records) {
    try {
      return KillLog.create(logs.resolve(run + "-" + name), records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final ThreadLocal<KillLog> LOG = new ThreadLocal<>();
  private static final ThreadLocal<byte[]> BYTES =
      ThreadLocal.withInitial(() -> new byte[KillJobs.MAX_PAYLOAD + 64]);

  private KillLog workerLog(String kind) {
    KillLog log = LOG.get();
    if (log == null) {
      log = log(kind + "-" + threads.getAndIncrement(), WORKER_RECORDS);
      LOG.set(log);
    }
    return log;
  }

  private void handle(Batch<byte[]> batch) {
    KillLog log = workerLog("batch");
    // The worker has come back for more: what became of its last batch is carried out.
    log.append(KillLog.DONE, 0, 0, 0, 0, 0);
    boolean throwing = ThreadLocalRandom.current().nextInt(50) == 0;
    for (Job<byte[]> job : batch) {
      byte[] payload = job.payload();
      long key = key(payload, payload.length);
      int outcome =
          throwing
              ? KillJobs.RETRY
              : KillJobs.outcome(seed, key, job.attempt(), log.hashCode(), false);
      log.append(
          KillLog.DELIVERED,
          outcome,
          job.attempt(),
          key,
          KillJobs.crc(payload, payload.length),
          payload.length);
      if (!throwing) {
        give(job, outcome, key);
      }
    }
    if (throwing) {
      // One reason for all: the reason of a dead letter is checked where it was one job's own.
      throw new IllegalStateException("job batch");
    }
  }

  private static void give(Job<byte[]> job, int outcome, long key) {
    switch (outcome) {
      case KillJobs.RETRY -> {
        if ((key & 3) == 0) {
          job.retry(Duration.ofMillis(key & 31), KillJobs.reason(key));
        } else {
          job.retry(KillJobs.reason(key));
        }
      }
      case KillJobs.SNOOZE -> job.snooze(Duration.ofMillis(key & 15));
      case KillJobs.REJECT -> job.reject(KillJobs.reason(key));
      default -> {
        if ((key & 1) == 0) {
          job.ack();
        }
      }
    }
  }

  private void handle(RawJob job) {
    KillLog log = workerLog("raw");
    byte[] payload = BYTES.get();
    job.copyTo(payload, 0);
    long key = key(payload, job.length());
    int outcome = KillJobs.outcome(seed, key, job.attempt(), log.hashCode(), true);
    log.append(
        KillLog.DELIVERED,
        outcome,
        job.attempt(),
        key,
        KillJobs.crc(payload, job.length()),
        job.length());
    if (outcome == KillJobs.RETRY) {
      throw new IllegalStateException(KillJobs.reason(key));
    }
  }

  private static long key(byte[] payload, int length) {
    return length < 8
        ? -1
        : java.nio.ByteBuffer.wrap(payload).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
