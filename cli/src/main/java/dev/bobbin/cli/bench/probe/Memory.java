package dev.bobbin.cli.bench.probe;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes up in memory. */
public final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Memory() {}

  /** Bytes on the heap that are in use after a collection. */
  public static long liveHeapBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** Resident bytes; 0 where the system does not tell. */
  public static long residentBytes() throws IOException {
    return figure("VmRSS:");
  }

  /** The most bytes that have been resident so far; 0 where the system does not tell. */
  public static long peakResidentBytes() throws IOException {
    return figure("VmHWM:");
  }

  private static long figure(String name) throws IOException {
    if (Files.isReadable(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    }
    return 0;
  }
}
