package dev.bobbin.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that this process has caused to be written to disks, as Linux counts them. */
final class DiskWrites {
  private static final Path COUNTERS = Path.of("/proc/self/io");

  private DiskWrites() {}

  /**
   * @throws IOException if this system does not count them
   */
  static long ofThisProcess() throws IOException {
    if (!Files.isReadable(COUNTERS)) {
      throw new IOException(COUNTERS + " cannot be read: disk writes are counted on Linux only");
    }
    long bytes = 0;
    for (String line : Files.readAllLines(COUNTERS)) {
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
