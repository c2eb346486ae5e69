package dev.bobbin.benchmarks.curve;

import dev.bobbin.benchmarks.transport.Session;
import dev.bobbin.benchmarks.transport.Waiting;
import dev.bobbin.cli.bench.probe.Memory;
import java.util.Map;

/**
 * Delayed jobs wait in the queue; meanwhile others go through it, as fast as they can and then at a
 * modest pace; in the end the delayed ones are due.
 */
final class Delayed {
  /** What comes between the last submit and the first due time takes at most that much longer. */
  private static final double SLACK_SECONDS = 3;

  /** A second's worth: until then, what delivers due jobs has not been compiled. */
  private static final long WARM_UP_JOBS = 100_000;

  /** No session has as many. */
  private static final int PRODUCER = 1 << 20;

  private Delayed() {}

  static Map<String, Object> measure(Setup setup, Place place) throws Exception {
    Figures figures = new Figures();
    int bytes = setup.load().payloadBytes();
    DueJobs warmUp = new DueJobs(PRODUCER, Math.min(WARM_UP_JOBS, setup.waiting()), bytes);
    DueJobs due = new DueJobs(PRODUCER + 1, setup.waiting(), bytes);
    Queues.Work work =
        (queue, one, receiver) ->
            queue.workRaw(
                one,
                job -> {
                  if (!due.took(job) && !warmUp.took(job)) {
                    receiver.handle(job);
                  }
                });
    try (Queues queues = Queues.on(place.directory(), setup, work);
        Session session = new Session(queues, setup.load(), place.directory())) {
      session.asFastAsPossible(place.warmUpSeconds());
      session.paced(place.pace(), place.warmUpSeconds(), Waiting.NAPPING);
      warmUp.submit(queues.first(), 0);
      warmUp.await();
      session.forget();
      long before = Memory.liveHeapBytes();
      double submitted = due.submit(queues.first(), 3 * place.seconds() + SLACK_SECONDS);
      figures.memory();
      if (setup.waiting() > 0) {
        figures.put("fillJobsPerSecond", submitted);
        figures.put(
            "heapBytesPerJob", (double) (Memory.liveHeapBytes() - before) / setup.waiting());
      }
      figures.throughput(session.asFastAsPossible(place.seconds()));
      figures.latency(session.paced(place.pace(), place.seconds(), Waiting.NAPPING));
      if (setup.waiting() > 0) {
        due.requireNoneDue();
        figures.percentiles("dueMillisP50", "dueMillisP99", due.await(), 1);
      }
    }
    return figures.all();
  }
}
