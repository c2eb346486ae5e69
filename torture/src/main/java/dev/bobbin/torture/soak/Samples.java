package dev.bobbin.torture.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What the processes took up over time, and whether it stayed flat. */
final class Samples {
  /** Fewer say nothing about a trend. */
  private static final int ENOUGH = 40;

  /** A process goes on compiling its code for minutes, which takes memory. */
  private static final double ENOUGH_SECONDS = 600;

  /**
   * @param seconds since the campaign began
   * @param process its number
   * @param heap bytes after a collection
   * @param rss resident bytes, the mapped rings and a heap touched in advance included
   * @param segments of all journals
   * @param directoryBytes what the directory takes up on disk
   */
  record Sample(
      double seconds,
      int process,
      long heap,
      long rss,
      int threads,
      int descriptors,
      int segments,
      long directoryBytes) {}

  /** What must be flat: a figure, and how much more it may be at the end than at the beginning. */
  private record Flat(String name, ToLongFunction<Sample> figure, double share, long fixed) {}

  private static final List<Flat> FLAT =
      List.of(
          new Flat("heap after a collection, bytes", Sample::heap, 0.10, 1 << 20),
          new Flat("resident memory, bytes", Sample::rss, 0.05, 4 << 20),
          new Flat("file descriptors", Sample::descriptors, 0, 6),
          new Flat("threads", Sample::threads, 0, 2),
          new Flat("bytes on disk", Sample::directoryBytes, 0.25, 8 << 20));

  private final List<Sample> all = new ArrayList<>();

  void add(Sample sample) {
    all.add(sample);
  }

  List<Sample> all() {
    return all;
  }

  /** Of one process: a fifth is warming up; then the first quarter against the last. */
  List<String> risesWithin(int process) {
    List<Sample> of = all.stream().filter(sample -> sample.process == process).toList();
    return rises("in process " + process, of.subList(of.size() / 5, of.size()));
  }

  /** Over restarts: the last sample of each later process. */
  List<String> risesAfter(int process) {
    List<Sample> of = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      boolean last = i + 1 == all.size() || all.get(i + 1).process != all.get(i).process;
      if (last && all.get(i).process > process) {
        of.add(all.get(i));
      }
    }
    return rises("over restarts", of);
  }

  private static List<String> rises(String where, List<Sample> samples) {
    List<String> rises = new ArrayList<>();
    if (samples.size() < ENOUGH
        || samples.get(samples.size() - 1).seconds - samples.get(0).seconds < ENOUGH_SECONDS) {
      return rises;
    }
    int quarter = samples.size() / 4;
    List<Sample> first = samples.subList(0, quarter);
    List<Sample> last = samples.subList(samples.size() - quarter, samples.size());
    for (Flat flat : FLAT) {
      long before = median(first, flat.figure);
      long after = median(last, flat.figure);
      long allowed = before + (long) (before * flat.share) + flat.fixed;
      if (after > allowed) {
        rises.add(
            "%s rose %s from %,d to %,d (medians of quarters), allowed %,d"
                .formatted(flat.name, where, before, after, allowed));
      }
    }
    return rises;
  }

  private static long median(List<Sample> samples, ToLongFunction<Sample> figure) {
    long[] sorted = samples.stream().mapToLong(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  void writeCsv(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("seconds,process,heapBytes,rssBytes,threads,descriptors,segments,directoryBytes");
    for (Sample s : all) {
      lines.add(
          "%.1f,%d,%d,%d,%d,%d,%d,%d"
              .formatted(
                  s.seconds,
                  s.process,
                  s.heap,
                  s.rss,
                  s.threads,
                  s.descriptors,
                  s.segments,
                  s.directoryBytes));
    }
    Files.write(file, lines);
  }
}
