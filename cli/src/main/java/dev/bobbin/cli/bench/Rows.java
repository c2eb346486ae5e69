package dev.bobbin.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** The rows in the order of the table. */
final class Rows {
  static final int PAYLOAD_BYTES = 100;

  private Rows() {}

  static List<Row> all() {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Throughput(
            "memory-raw", "in memory, raw handler", false, true, PAYLOAD_BYTES, 15_000_000));
    rows.add(
        new Throughput(
            "directory-raw",
            "directory, flush every 50 ms, raw handler",
            true,
            true,
            PAYLOAD_BYTES,
            12_000_000));
    rows.add(
        new Throughput(
            "directory-bytes",
            "directory, byte[] jobs, batch handler",
            true,
            false,
            PAYLOAD_BYTES,
            8_000_000));
    rows.add(
        new Throughput(
            "directory-raw-1k", "directory, 1 KiB jobs, raw handler", true, true, 1024, 3_000_000));
    rows.addAll(Sync.rows());
    rows.add(new Latency("latency-50k", "submit to handler at 50,000 jobs/s", 50_000));
    rows.add(new Idle("idle", "open queue, two waiting workers"));
    rows.add(new Elision("elision", "1 million jobs/s, bytes written to disk"));
    rows.add(new Backlog("backlog", "20 million jobs pile up, then one worker"));
    rows.add(new Delayed("delayed", "10 million delayed jobs, due in random order"));
    rows.add(new RetryStorm("retry-storm", "1 million jobs/s, each fails once"));
    rows.add(new ManyQueues("queues-1000", "1,000 open queues with nothing to do"));
    rows.add(new Neighbour("neighbour", "sync of a quiet queue beside a flooded one"));
    return rows;
  }
}
