package dev.bobbin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Makes Bobbin create every kind of file that there is, in a process whose umask forbids nothing.
 */
final class UmaskChild {
  private UmaskChild() {}

  /** The directory, which does not exist; nor does its parent. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    QueueOptions options =
        QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), options);
      for (int i = 0; i < 3; i++) {
        queue.submit("job " + i);
        queue.sync();
      }
    }
    // The body of the second block, and the marker: repair copies both before it changes them.
    Path segment;
    try (Stream<Path> files = Files.list(directory.resolve("queues/q"))) {
      segment = files.filter(f -> f.toString().endsWith(".segment")).sorted().toList().get(0);
    }
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[200]), 4096 + 4096);
    }
    Files.writeString(directory.resolve("bobbin"), "damaged");
    RepairReport report = Maintenance.repair(directory, RepairOptions.defaults());
    System.out.println(report.copies().orElseThrow());
    try (Bobbin bobbin = Bobbin.open(directory)) {
      bobbin.queue("q", Codec.text(), options).submit("one more");
    }
  }
}
