package dev.bobbin.benchmarks.curve;

import dev.bobbin.benchmarks.transport.Session;
import dev.bobbin.cli.bench.probe.Memory;
import java.util.Map;

/**
 * Delayed jobs wait in the queue; meanwhile others go through it, as fast as they can and then at a
 * modest pace; in the end the delayed ones are due.
 */
final class Delayed {
  private Delayed() {}

  static Map<String, Object> measure(Setup setup, Place place) throws Exception {
    Figures figures = new Figures();
    DueJobs due = new DueJobs(setup.waiting(), setup.load().payloadBytes());
    Queues.Work work =
        (queue, one, receiver) ->
            queue.workRaw(
                one,
                job -> {
                  if (!due.took(job)) {
                    receiver.handle(job);
                  }
                });
    try (Queues queues = Queues.on(place.directory(), setup, work);
        Session session = new Session(queues, setup.load(), place.directory())) {
      session.asFastAsPossible(place.warmUpSeconds());
      session.paced(place.pace(), place.warmUpSeconds(), false);
      session.forget();
      long before = Memory.liveHeapBytes();
      double submitted = due.submit(queues.first(), 3 * place.seconds());
      figures.memory();
      if (setup.waiting() > 0) {
        figures.put("fillJobsPerSecond", submitted);
        figures.put(
            "heapBytesPerJob", (double) (Memory.liveHeapBytes() - before) / setup.waiting());
      }
      figures.throughput(session.asFastAsPossible(place.seconds()));
      figures.latency(session.paced(place.pace(), place.seconds(), false));
      if (setup.waiting() > 0) {
        figures.percentiles("dueMillisP50", "dueMillisP99", due.await(), 1);
      }
    }
    return figures.all();
  }
}
