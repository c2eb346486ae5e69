package dev.bobbin.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What {@code sync} cannot do without: overwrites 4 KiB of a written file and forces it, again and
 * again, through the file from its beginning to its end and from its beginning on.
 */
final class BareForce implements AutoCloseable {
  private static final int BLOCK_BYTES = 4 << 10;

  /** As large as a segment of the journal by default. */
  private static final int FILE_BYTES = 16 << 20;

  private final FileChannel file;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private long offset;

  /** Writes the file in full, and forces it. */
  BareForce(Path folder) throws IOException {
    file =
        FileChannel.open(
            folder.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    for (int i = 0; i < FILE_BYTES / BLOCK_BYTES; i++) {
      overwrite();
    }
    file.force(true);
  }

  /** How often a second, over that long. */
  double perSecond(long nanos) throws IOException {
    long start = System.nanoTime();
    long count = 0;
    long now;
    do {
      overwrite();
      file.force(false);
      count++;
      now = System.nanoTime();
    } while (now - start < nanos);
    return count * 1e9 / (now - start);
  }

  private void overwrite() throws IOException {
    block.clear().putLong(0, offset);
    long at = offset;
    while (block.hasRemaining()) {
      at += file.write(block, at);
    }
    offset = (offset + BLOCK_BYTES) % FILE_BYTES;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
