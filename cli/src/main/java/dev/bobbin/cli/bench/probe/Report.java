package dev.bobbin.cli.bench.probe;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a probe found, printed as one JSON object. */
final class Report {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final Map<String, Object> figures = new LinkedHashMap<>();

  Report() {}

  Report put(String name, Number value) {
    figures.put(name, value);
    return this;
  }

  void print() throws IOException {
    System.out.println(JSON.std.asString(figures));
  }

  static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  /** Bytes on the heap that are in use after a collection. */
  static long liveHeapBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** Resident bytes of this process; 0 where the system does not tell. */
  static long residentBytes() throws IOException {
    if (Files.isReadable(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    }
    return 0;
  }
}
