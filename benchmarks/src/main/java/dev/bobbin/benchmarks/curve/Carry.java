package dev.bobbin.benchmarks.curve;

import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Session;
import dev.bobbin.benchmarks.transport.Waiting;
import dev.bobbin.cli.bench.Payload;
import java.time.Duration;
import java.util.Map;

/**
 * Jobs go through as fast as they can, and then at a modest pace: on a directory, and in memory
 * where that differs.
 */
final class Carry {
  /** So short that the round does not end by waiting for it. */
  private static final Duration RETRY = Duration.ofMillis(10);

  /** Odd and no multiple of five: a hundred jobs in a row have a hundred different remainders. */
  private static final int SCATTER = 61;

  private Carry() {}

  static Map<String, Object> measure(Setup setup, Place place, boolean inMemoryToo)
      throws Exception {
    Figures figures = new Figures();
    try (Queues queues = Queues.on(place.directory(), setup, work(setup))) {
      try (Session session = new Session(queues, setup.load(), place.directory())) {
        session.asFastAsPossible(place.warmUpSeconds());
        figures.throughput(session.asFastAsPossible(place.seconds()));
        session.forget();
        figures.memory();
      }
      try (Session session =
          new Session(queues, setup.load().fromOneProducer(), place.directory())) {
        session.paced(place.pace(), place.warmUpSeconds(), Waiting.NAPPING);
        figures.latency(session.paced(place.pace(), place.seconds(), Waiting.NAPPING));
      }
      if (setup.open() > 1) {
        figures.put(
            "oneQueueJobsPerSecond", perSecond(queues, setup.load().throughOneQueue(), place));
      }
    }
    if (inMemoryToo) {
      try (Queues queues = Queues.inMemory(setup, work(setup))) {
        figures.put("memoryJobsPerSecond", perSecond(queues, setup.load(), place));
      }
    }
    return figures.all();
  }

  private static double perSecond(Queues queues, Load load, Place place) throws Exception {
    try (Session session = new Session(queues, load, place.directory())) {
      session.asFastAsPossible(place.warmUpSeconds());
      return session.asFastAsPossible(place.seconds()).throughput();
    }
  }

  private static Queues.Work work(Setup setup) {
    return setup.mayFail()
        ? (queue, one, receiver) -> failing(queue, one, receiver, setup.failingPercent())
        : JobQueue::workRaw;
  }

  private static Workers failing(
      JobQueue<byte[]> queue, WorkOptions one, Receiver receiver, int percent) {
    return queue.workBatches(
        one,
        batch -> {
          for (int i = 0; i < batch.size(); i++) {
            byte[] payload = batch.payload(i);
            boolean fails = fails(payload, percent);
            boolean first = !fails || batch.job(i).attempt() == 1;
            receiver.handle(payload, first, !fails || !first);
            if (fails && first) {
              batch.job(i).retry(RETRY, "fails once");
            }
          }
        });
  }

  private static boolean fails(byte[] payload, int percent) {
    return Receiver.number(Payload.sequence(payload)) * SCATTER % 100 < percent;
  }
}
