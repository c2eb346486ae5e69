package dev.bobbin.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.bobbin.WorkOptions;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processor time of an open queue on a directory whose workers have nothing to do. */
record Idle(String name, String what) implements Row {
  private static final double SECONDS = 10;
  private static final double MOST_PERCENT = 1;

  @Override
  public Result measure(Lab lab) throws Exception {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Payload payload = new Payload(Rows.PAYLOAD_BYTES);
    Checker checker = new Checker(payload, 1);
    byte[] job = new byte[payload.size()];
    double percent;
    try (Lab.Bench bench = lab.onDirectory()) {
      bench.queue().workRaw(WorkOptions.workers(2), checker);
      payload.fill(job, 0);
      bench.queue().submit(job);
      checker.await(1);
      // The compiler and the collector still tidy up what came before; that is not the queue's.
      System.gc();
      TimeUnit.SECONDS.sleep(1);
      long start = System.nanoTime();
      long cpu = process.getProcessCpuTime();
      TimeUnit.NANOSECONDS.sleep(lab.nanos(SECONDS));
      percent = 100.0 * (process.getProcessCpuTime() - cpu) / (System.nanoTime() - start);
      // It was idle, not dead.
      payload.fill(job, 1);
      bench.queue().submit(job);
      checker.await(2);
    }
    return new Result(
        name,
        Spread.of(0),
        String.format(Locale.ROOT, "%.2f %% of a core", percent),
        "under 1 % of a core",
        percent < MOST_PERCENT,
        Map.of("cpuPercent", percent));
  }
}
