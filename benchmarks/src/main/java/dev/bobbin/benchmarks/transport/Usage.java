package dev.bobbin.benchmarks.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processor time and disk writes of this process and some others, as Linux counts them. */
record Usage(double cpuSeconds, long writtenBytes) {
  static Usage of(List<ProcessHandle> servers) throws IOException {
    List<ProcessHandle> all = new ArrayList<>(servers);
    all.add(ProcessHandle.current());
    double seconds = 0;
    long bytes = 0;
    for (ProcessHandle process : all) {
      seconds += process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
      bytes += written(process.pid());
    }
    return new Usage(seconds, bytes);
  }

  Usage since(Usage before) {
    return new Usage(cpuSeconds - before.cpuSeconds, writtenBytes - before.writtenBytes);
  }

  /** What never reached the disk, because its file was deleted or cut first, does not count. */
  private static long written(long pid) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "io"));
    } catch (NoSuchFileException e) {
      return 0; // one that a server had started, and that has ended since
    }
    long bytes = 0;
    for (String line : lines) {
      if (line.startsWith("write_bytes: ")) {
        bytes += number(line);
      } else if (line.startsWith("cancelled_write_bytes: ")) {
        bytes -= number(line);
      }
    }
    return bytes;
  }

  private static long number(String line) {
    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
  }
}
