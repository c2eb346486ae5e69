package dev.bobbin.kafka;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process that works on a queue until it is killed, and tells of every job before it is acked.
 */
final class WorkerProcess {
  private WorkerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    KafkaOptions options = KafkaOptions.of(args[0]).withPrefix(args[1]).withPrefetch(100);
    try (Bobbin bobbin = KafkaBobbin.connect(options)) {
      JobQueue<String> queue = bobbin.queue("mail", Codec.text());
      CountDownLatch killed = new CountDownLatch(1);
      queue.work(
          2,
          job -> {
            System.out.println(job);
            System.out.flush();
            TimeUnit.MILLISECONDS.sleep(2);
          });
      killed.await();
    }
  }
}
