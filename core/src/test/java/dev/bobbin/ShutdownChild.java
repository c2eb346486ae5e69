package dev.bobbin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process that {@link ShutdownTest} ends by a signal, with handlers of every temper. Says
 * {@code done JOB} for each job that a handler has done, {@code busy} when all are in the middle of
 * something, and {@code closed} when its hook has closed the queue.
 */
final class ShutdownChild {
  static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(20));
  static final int JOBS = 5_000;

  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final CountDownLatch BUSY = new CountDownLatch(3);

  private ShutdownChild() {}

  public static void main(String[] args) throws Exception {
    Bobbin bobbin = Bobbin.open(Path.of(args[0]));
    JobQueue<String> queue = bobbin.queue("q", Codec.text(), OPTIONS);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  bobbin.close(Duration.ofMillis(300));
                  say("closed");
                }));
    for (int i = 0; i < JOBS; i++) {
      queue.submit("job " + i);
    }
    Lease<String> lease = queue.take(5, Duration.ofSeconds(60));
    lease.job(0).ack();
    say("done " + lease.job(0).payload());
    queue.work(3, ShutdownChild::handle);
    queue.workBatches(WorkOptions.workers(1).batch(7), ShutdownChild::handle);
    queue.workRaw(WorkOptions.workers(1).batch(7), ShutdownChild::handle);
    BUSY.await();
    say("busy");
    NEVER.await();
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void handle(String payload) throws InterruptedException {
    int number = Integer.parseInt(payload.substring(4));
    if (number % 1_000 == 500) {
      BUSY.countDown();
      if (number == 500) {
        deaf();
      } else {
        NEVER.await();
      }
    }
    TimeUnit.MILLISECONDS.sleep(1);
    say("done " + payload);
  }

  /** Hears no interrupt. */
  private static void deaf() {
    while (true) {
      try {
        NEVER.await();
      } catch (InterruptedException e) {
        // It goes on as before.
      }
    }
  }

  private static void handle(Batch<String> batch) throws InterruptedException {
    for (Job<String> job : batch) {
      handle(job.payload());
      job.ack();
    }
  }

  private static void handle(RawJob job) throws InterruptedException {
    byte[] payload = new byte[job.length()];
    job.copyTo(payload, 0);
    handle(new String(payload, java.nio.charset.StandardCharsets.UTF_8));
  }
}
