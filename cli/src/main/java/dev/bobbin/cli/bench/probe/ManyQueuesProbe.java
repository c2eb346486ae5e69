package dev.bobbin.cli.bench.probe;

import com.sun.management.OperatingSystemMXBean;
import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Many open queues with small rings, each with a job and nobody to work on it. */
public final class ManyQueuesProbe {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);
  private static final int SETTLE_SECONDS = 3;

  private ManyQueuesProbe() {}

  /** Arguments: directory, number of queues, milliseconds to measure. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    long millis = Long.parseLong(args[2]);
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Report report = new Report();
    int threadsBefore = Thread.getAllStackTraces().size();
    long began = System.nanoTime();
    try (Bobbin bobbin = Bobbin.open(Path.of(args[0]))) {
      List<JobQueue<byte[]>> queues = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        JobQueue<byte[]> queue = bobbin.queue("queue-" + i, Codec.bytes(), SMALL);
        queue.submit(new byte[100]);
        queues.add(queue);
      }
      report.put("openSeconds", Report.seconds(began));
      report.put("libraryThreads", Thread.getAllStackTraces().size() - threadsBefore);
      System.gc();
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      long start = System.nanoTime();
      long cpu = process.getProcessCpuTime();
      TimeUnit.MILLISECONDS.sleep(millis);
      double used = process.getProcessCpuTime() - cpu;
      report.put("cpuPercent", 100 * used / (System.nanoTime() - start));
      report.put("residentBytes", Memory.residentBytes());
      for (JobQueue<byte[]> queue : queues) {
        if (queue.status().unfinished() != 1) {
          throw new IllegalStateException(queue.name() + " has lost its job: " + queue.status());
        }
      }
    }
    report.print();
  }
}
