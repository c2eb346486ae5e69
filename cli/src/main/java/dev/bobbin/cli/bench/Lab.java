package dev.bobbin.cli.bench;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where and how long rows measure, and what they found so far. For one thread. */
final class Lab {
  private final Path parent;
  private final @Nullable Double seconds;
  private final int rounds;
  private final Map<String, Result> results = new TreeMap<>();

  Lab(Path parent, @Nullable Double seconds, int rounds) {
    this.parent = parent;
    this.seconds = seconds;
    this.rounds = rounds;
  }

  int rounds() {
    return rounds;
  }

  /** How long to measure: what the user said, or the row's own time. */
  long nanos(double ownSeconds) {
    return (long) ((seconds == null ? ownSeconds : seconds) * 1e9);
  }

  /** How many to measure with: the row's own number, or less when the user wants it short. */
  long count(long own) {
    return seconds == null ? own : Math.max(1_000, (long) (own * Math.min(1, seconds / 10)));
  }

  /** A new directory that is removed afterwards. */
  Folder folder() throws IOException {
    return new Folder(Files.createTempDirectory(parent, "bobbin-bench-"));
  }

  /** A directory for one measurement. */
  record Folder(Path path) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      List<Path> deepestFirst;
      try (Stream<Path> files = Files.walk(path)) {
        deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }

  /** The result of {@code row}, measured now if it was not before. */
  Result result(Row row) throws Exception {
    Result known = results.get(row.name());
    if (known == null) {
      known = row.measure(this);
      results.put(row.name(), known);
    }
    return known;
  }

  /** A new queue, alone in a directory of its own that is removed afterwards. */
  Bench onDirectory() throws IOException {
    return new Bench(folder());
  }

  /** A new queue in memory. */
  Bench inMemory() {
    return new Bench(null);
  }

  /** A queue for one measurement. */
  static final class Bench implements AutoCloseable {
    private final @Nullable Folder folder;
    private final Bobbin bobbin;
    private final JobQueue<byte[]> queue;

    private Bench(@Nullable Folder folder) {
      this.folder = folder;
      this.bobbin =
          folder == null ? Bobbin.inMemory() : Bobbin.open(folder.path().resolve("bobbin"));
      this.queue = bobbin.queue("bench", Codec.bytes());
    }

    JobQueue<byte[]> queue() {
      return queue;
    }

    /** Closes the queue; its files stay until {@link #close}. */
    void shut() {
      bobbin.close();
    }

    @Override
    public void close() throws IOException {
      shut();
      if (folder != null) {
        folder.close();
      }
    }
  }
}
