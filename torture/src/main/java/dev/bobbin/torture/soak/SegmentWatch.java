package dev.bobbin.torture.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts from outside how often segments were used anew: a segment's number goes up each time one
 * comes into use (docs/file-format.md), and a file that was seen with two numbers was recycled.
 */
final class SegmentWatch {
  private static final long MAGIC = 0x474553_4E49_42424FL;
  private static final int NUMBER_AT = 24;

  private final Map<Path, Long> numbers = new HashMap<>();
  private final Set<Path> files = new HashSet<>();
  private final Map<Path, Long> highest = new HashMap<>();
  private long recyclesSeen;

  /** Looks at all segments; returns the bytes that the directory takes up. */
  long look(Path directory) throws IOException {
    long bytes = 0;
    for (Path file : files(directory)) {
      try {
        bytes += Files.size(file);
        if (file.toString().endsWith(".segment")) {
          see(file);
        }
      } catch (NoSuchFileException e) {
        // It was freed while we looked.
      }
    }
    return bytes;
  }

  /** Those that are there; what is freed or gets its name while we look is passed over. */
  private static List<Path> files(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              all.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return all;
  }

  private void see(Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.read(header, 0) < 64 || header.getLong(0) != MAGIC) {
        return;
      }
    }
    long number = header.getLong(NUMBER_AT);
    files.add(file);
    highest.merge(file.getParent(), number, Math::max);
    Long before = numbers.put(file, number);
    if (before != null && before != 0 && before != number) {
      recyclesSeen++;
    }
  }

  /** Times that a file was seen with another number than before: recycled that often at least. */
  long recyclesSeen() {
    return recyclesSeen;
  }

  /** Times that a segment came into use, the first times included. */
  long uses() {
    return highest.values().stream().mapToLong(Long::longValue).sum();
  }
}
