package dev.bobbin.benchmarks.curve;

import dev.bobbin.JobQueue;
import dev.bobbin.RecoveryReport;
import dev.bobbin.benchmarks.transport.Measured;
import dev.bobbin.benchmarks.transport.Session;
import java.util.Map;

/**
 * Jobs pile up, and the process dies; the next one opens the queue and closes it; the third opens
 * it again and drains it. Each phase is in a process of its own, on one directory.
 */
final class Recovery {
  private Recovery() {}

  /** Leaves the queue open: the process has to die. */
  static Map<String, Object> fill(Setup setup, Place place) throws Exception {
    Queues queues = Queues.on(place.directory(), setup, JobQueue::workRaw);
    Session session = new Session(queues, setup.load(), place.directory());
    queues.first().pause();
    Measured filled = session.fill(setup.waiting());
    return setup.waiting() == 0 ? Map.of() : Map.of("fillJobsPerSecond", filled.throughput());
  }

  /** The queue's process has died. */
  static Map<String, Object> recover(Setup setup, Place place) throws Exception {
    Figures figures = new Figures();
    long start = System.nanoTime();
    try (Queues queues = Queues.on(place.directory(), setup, JobQueue::workRaw)) {
      figures.put("recoverySeconds", (System.nanoTime() - start) / 1e9);
      require(setup, queues, false);
      figures.put("fromRing", queues.first().recovery().fromRing());
      figures.memory();
    }
    return figures.all();
  }

  /** The queue was closed. Every job has to arrive. */
  static Map<String, Object> reopen(Setup setup, Place place) throws Exception {
    Figures figures = new Figures();
    long start = System.nanoTime();
    try (Queues queues = Queues.on(place.directory(), setup, JobQueue::workRaw)) {
      figures.put("reopenSeconds", (System.nanoTime() - start) / 1e9);
      require(setup, queues, true);
      queues.first().pause();
      try (Session session = new Session(queues, setup.load(), place.directory())) {
        session.expect(setup.waiting());
        queues.first().resume();
        session.asFastAsPossible(0);
      }
    }
    return figures.all();
  }

  private static void require(Setup setup, Queues queues, boolean closed) {
    RecoveryReport found = queues.first().recovery();
    if (found.ready() != setup.waiting() || found.cleanlyClosed() != closed) {
      throw new IllegalStateException(
          setup.waiting() + " jobs should be there, closed " + closed + "; found " + found);
    }
  }
}
