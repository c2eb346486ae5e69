package dev.bobbin.testkit;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.time.Duration;

/** What the parts of {@link BobbinContract} build on. */
interface ContractSetup {
  /** The backend that the test works with; opened when it is first asked for. */
  Bobbin bobbin();

  /** Closes {@link #bobbin} and opens it again. */
  Bobbin reopened();

  /** Options for queues that a test makes many of. */
  QueueOptions options();

  /** How long what has to happen may take. */
  Duration patience();

  /** A queue of text with {@link #options()}. */
  default JobQueue<String> queue() {
    return queue(options());
  }

  /** A queue of text; a failed job comes back at once, three attempts in all. */
  default JobQueue<String> queue(QueueOptions options) {
    RetryPolicy soon = RetryPolicy.exponential(Duration.ZERO).attempts(3);
    return bobbin().queue("contract", Codec.text(), options.withRetry(soon));
  }
}
