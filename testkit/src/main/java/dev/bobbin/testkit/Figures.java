package dev.bobbin.testkit;

import dev.bobbin.QueueStatus;
import dev.bobbin.QueueStatus.Counts;
import java.util.Optional;

/** What an error says of a queue. */
final class Figures {
  private Figures() {}

  static String describe(QueueStatus status) {
    Optional<Throwable> failure = status.failure();
    Counts counts = status.counts();
    return "queue "
        + status.queue()
        + ": "
        + counts.ready()
        + " ready, "
        + counts.inFlight()
        + " in flight, "
        + counts.delayed()
        + " delayed, "
        + counts.dead()
        + " dead; "
        + status.workers().running()
        + " workers"
        + (failure.isPresent() ? "; it has stopped: " + failure.get() : "");
  }
}
