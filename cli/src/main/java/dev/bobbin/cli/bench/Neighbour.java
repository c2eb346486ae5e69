package dev.bobbin.cli.bench;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.RefusedException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * How long a quiet queue waits for its flush while another queue of the same directory is flooded
 * as fast as one producer can, with nobody to work on it.
 */
record Neighbour(String name, String what) implements Row {
  private static final double SECONDS = 10;
  private static final double MOST_MILLIS = 1_000;

  @Override
  public Result measure(Lab lab) throws Exception {
    Histogram syncMicros = new Histogram(TimeUnit.HOURS.toMicros(1), 2);
    AtomicLong flooded = new AtomicLong();
    try (Lab.Folder folder = lab.folder();
        Bobbin bobbin = Bobbin.open(folder.path().resolve("bobbin"))) {
      JobQueue<byte[]> loud = bobbin.queue("loud", Codec.bytes());
      JobQueue<byte[]> quiet = bobbin.queue("quiet", Codec.bytes());
      AtomicBoolean over = new AtomicBoolean();
      Thread flood = new Thread(() -> flood(loud, flooded, over), "flood");
      flood.start();
      long end = System.nanoTime() + lab.nanos(SECONDS);
      do {
        long began = System.nanoTime();
        quiet.submit(new byte[Rows.PAYLOAD_BYTES]);
        quiet.sync();
        syncMicros.recordValue((System.nanoTime() - began) / 1_000);
        TimeUnit.MILLISECONDS.sleep(20);
      } while (System.nanoTime() < end);
      over.set(true);
      flood.join();
    }
    return judge(syncMicros, flooded.get());
  }

  private static void flood(JobQueue<byte[]> queue, AtomicLong count, AtomicBoolean over) {
    byte[] payload = new byte[Rows.PAYLOAD_BYTES];
    try {
      while (!over.get()) {
        queue.submit(payload);
        count.setPlain(count.getPlain() + 1);
      }
    } catch (RefusedException e) {
      // Full: the queue's own limit; the flood is over early, and the row says how much came.
      over.set(true);
    }
  }

  private Result judge(Histogram syncMicros, long flooded) {
    double max = syncMicros.getMaxValue() / 1e3;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("syncs", syncMicros.getTotalCount());
    details.put("floodedJobs", flooded);
    details.put("syncMillisP50", syncMicros.getValueAtPercentile(50) / 1e3);
    details.put("syncMillisP99", syncMicros.getValueAtPercentile(99) / 1e3);
    details.put("syncMillisMax", max);
    return new Result(
        name,
        Spread.of(0),
        String.format(
            Locale.ROOT,
            "sync p50 %.1f, p99 %.1f, max %.1f ms beside %.1f million jobs",
            syncMicros.getValueAtPercentile(50) / 1e3,
            syncMicros.getValueAtPercentile(99) / 1e3,
            max,
            flooded / 1e6),
        "every sync within 1 s",
        max < MOST_MILLIS,
        details);
  }
}
