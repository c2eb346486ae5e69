package dev.bobbin.torture.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the threads of one run have written down. */
final class RunLogs {
  /** Of each producer, what it did, in order. */
  final List<List<Log.Entry>> producers = new ArrayList<>();

  /** Of each worker, what it was given, in order. */
  final List<List<Delivery>> workers = new ArrayList<>();

  /** All that was carried out before this time is on disk. */
  long flushedMillis;

  /** All that was accepted before this time is durable. */
  long durableMillis;

  boolean failed;

  private RunLogs() {}

  /** Reads the logs of run {@code run} and deletes them. */
  static RunLogs read(Path logs, int run) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(logs)) {
      files = all.filter(f -> String.valueOf(f.getFileName()).startsWith(run + "-")).toList();
    }
    RunLogs read = new RunLogs();
    for (Path file : files) {
      List<Log.Entry> entries = new ArrayList<>();
      Log.read(file).forEach(entries::add);
      if (Log.Kind.PRODUCER.wrote(file, run)) {
        read.producers.add(entries);
      } else if (Log.Kind.WORKER.wrote(file, run)) {
        read.worker(entries, false);
      } else if (Log.Kind.RAW.wrote(file, run)) {
        read.worker(entries, true);
      }
      entries.forEach(read::watch);
      Files.delete(file);
    }
    return read;
  }

  private void watch(Log.Entry entry) {
    switch (entry.type()) {
      case Log.FLUSHED -> {
        flushedMillis = Math.max(flushedMillis, entry.key());
        durableMillis = Math.max(durableMillis, entry.key());
      }
      case Log.DURABLE -> durableMillis = Math.max(durableMillis, entry.key());
      case Log.FAILED -> failed = true;
      default -> {}
    }
  }

  private void worker(List<Log.Entry> entries, boolean raw) {
    List<Delivery> deliveries = new ArrayList<>();
    int done = 0;
    for (Log.Entry entry : entries) {
      if (entry.type() == Log.LATE) {
        last(deliveries, entry.key()).late = true;
      }
      if (entry.type() == Log.DONE || raw) {
        int upTo = raw ? deliveries.size() - Log.RAW_BATCH + 1 : deliveries.size();
        while (done < upTo) {
          deliveries.get(done++).doneMillis = entry.millis();
        }
      }
      if (entry.type() == Log.DELIVERED) {
        deliveries.add(new Delivery(entry));
      }
    }
    workers.add(deliveries);
  }

  private static Delivery last(List<Delivery> deliveries, long key) {
    for (int i = deliveries.size() - 1; i >= 0; i--) {
      if (deliveries.get(i).key == key) {
        return deliveries.get(i);
      }
    }
    throw new IllegalStateException("late for a job that was not delivered: " + Plan.name(key));
  }
}
