package dev.bobbin.torture.full;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is known of each job: 16 bits in a mapped file on another file system, so that it outlives
 * the children that write it, one after the other, one thread each. A job's number is its place.
 */
final class Ledger {
  /** Most jobs of one case. */
  static final int JOBS = 1 << 18;

  /** Its submit has begun, and did not end with a refusal. */
  static final int INTENDED = 1;

  /** Its submit has returned. */
  static final int ACCEPTED = 2;

  /** A sync that began after that has returned. */
  static final int SYNCED = 4;

  /** An ack was about to be given. */
  static final int ACKING = 8;

  static final int ACKED = 16;

  /** It was about to become a dead letter. */
  static final int DYING = 32;

  static final int DEAD = 64;

  /** It was found among the dead letters at the end. */
  static final int LETTER = 128;

  private final MappedByteBuffer memory;
  private int end;

  Ledger(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      memory = channel.map(MapMode.READ_WRITE, 0, (long) JOBS * Short.BYTES);
      memory.order(ByteOrder.LITTLE_ENDIAN);
    }
    end = JOBS;
    while (end > 0 && memory.getShort((end - 1) * Short.BYTES) == 0) {
      end--;
    }
  }

  boolean is(int job, int bits) {
    return (memory.getShort(job * Short.BYTES) & bits) != 0;
  }

  void set(int job, int bits) {
    memory.putShort(job * Short.BYTES, (short) (memory.getShort(job * Short.BYTES) | bits));
    end = Math.max(end, job + 1);
  }

  void clear(int job, int bits) {
    memory.putShort(job * Short.BYTES, (short) (memory.getShort(job * Short.BYTES) & ~bits));
    if (job == end - 1 && memory.getShort(job * Short.BYTES) == 0) {
      end--;
    }
  }

  /** The first number at and after which nothing is known. */
  int end() {
    return end;
  }

  /** The machine died: what was not covered by a sync may be gone, and so may be its outcome. */
  void machineDied() {
    for (int job = 0; job < end(); job++) {
      clear(job, DEAD);
      if (!is(job, SYNCED)) {
        clear(job, ACCEPTED);
      }
    }
  }
}
