package dev.bobbin.examples;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobHandler;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.time.Duration;

/** docs/operating/testing.md: a service to test. */
final class Reminders {
  static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(1 << 20)
          .withRetry(RetryPolicy.exponential(Duration.ofMinutes(1)).attempts(3));

  private final JobQueue<String> queue;

  Reminders(Bobbin bobbin, JobHandler<String> mailer) {
    queue = bobbin.queue("reminders", Codec.text(), OPTIONS);
    queue.work(1, mailer);
  }

  void remind(String address, Duration in) {
    queue.submit(address, in);
    queue.sync();
  }

  long givenUp() {
    return queue.deadLetters().count();
  }
}
