package dev.bobbin.benchmarks.curve;

import dev.bobbin.JobQueue;
import dev.bobbin.benchmarks.transport.Measured;
import dev.bobbin.benchmarks.transport.Session;
import java.util.Map;

/**
 * Jobs pile up while the queue is paused; then it is resumed, a producer and a worker go on as fast
 * as they can, and in the end the worker alone.
 */
final class Backlog {
  /** So few that are left for the worker alone say nothing about its pace. */
  private static final double LEAST_DRAIN_SECONDS = 0.05;

  private Backlog() {}

  static Map<String, Object> measure(Setup setup, Place place) throws Exception {
    Figures figures = new Figures();
    try (Queues queues = Queues.on(place.directory(), setup, JobQueue::workRaw);
        Session session = new Session(queues, setup.load(), place.directory())) {
      session.asFastAsPossible(place.warmUpSeconds());
      session.forget();
      queues.first().pause();
      Measured filled = session.fill(setup.waiting());
      figures.memory();
      Measured submits = session.fill(place.pace(), place.seconds());
      queues.first().resume();
      Measured measured = session.asFastAsPossible(place.seconds());
      figures.throughput(measured);
      figures.put("jobsPerSecond", measured.arrivedMeanwhile() / measured.submitSeconds());
      if (setup.waiting() > 0) {
        figures.put("fillJobsPerSecond", filled.throughput());
        figures.put("fillWrittenBytesPerJob", (double) filled.writtenBytes() / filled.jobs());
      }
      double alone = measured.seconds() - measured.submitSeconds();
      if (alone >= LEAST_DRAIN_SECONDS) {
        figures.put("drainJobsPerSecond", (measured.jobs() - measured.arrivedMeanwhile()) / alone);
      }
      figures.percentiles("submitP50", "submitP99", submits.lateness(), 1e3);
    }
    return figures.all();
  }
}
