package dev.bobbin;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one thread of a {@link KillChild} reports to the {@link KillOracle}: a mapped file, so that
 * a record is there as soon as it is stored, whatever becomes of the process. One writer; read
 * after its death.
 *
 * <pre>
 *   0      8     16           24       32
 *   +------+-----+-----+------+--------+     word   type, outcome and attempt; written last, with release; 0: no record
 *   | word | key | crc | size | millis |     key    the job's, see {@link KillJobs}
 *   +------+-----+-----+------+--------+     millis since 1970
 * </pre>
 */
final class KillLog {
  /** A submit is about to begin; becomes {@link #ACCEPTED} when it has returned. */
  static final int INTENT = 1;

  static final int ACCEPTED = 2;

  /** A handler has got the job and knows which outcome it will give, but has not given it. */
  static final int DELIVERED = 3;

  /** The outcomes of everything that this thread was given before have been carried out. */
  static final int DONE = 4;

  static final int RECORD_BYTES = 32;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MappedByteBuffer memory;
  private int next;

  private KillLog(MappedByteBuffer memory) {
    this.memory = memory;
    memory.order(ByteOrder.LITTLE_ENDIAN);
  }

  static KillLog create(Path file, int records) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return new KillLog(channel.map(MapMode.READ_WRITE, 0, (long) records * RECORD_BYTES));
    }
  }

  static KillLog read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new KillLog(channel.map(MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  boolean isFull() {
    return next + RECORD_BYTES > memory.capacity();
  }

  void append(int type, int outcome, int attempt, long key, int crc, int size) {
    memory.putLong(next + 8, key);
    memory.putInt(next + 16, crc);
    memory.putInt(next + 20, size);
    memory.putLong(next + 24, System.currentTimeMillis());
    LONG.setRelease(memory, next, word(type, outcome, attempt));
    next += RECORD_BYTES;
  }

  /** Turns the intent that was appended last into an accepted job. */
  void accepted() {
    LONG.setRelease(memory, next - RECORD_BYTES, word(ACCEPTED, 0, 0));
  }

  private static long word(int type, int outcome, int attempt) {
    return type | (long) outcome << 8 | (long) attempt << 16;
  }

  /** Receives records in the order in which they were written. */
  interface Visitor {
    void record(int type, int outcome, int attempt, long key, int crc, int size, long millis);
  }

  void forEach(Visitor visitor) {
    for (int at = 0; at + RECORD_BYTES <= memory.capacity(); at += RECORD_BYTES) {
      long word = (long) LONG.getAcquire(memory, at);
      if (word == 0) {
        return;
      }
      visitor.record(
          (int) word & 0xFF,
          (int) (word >>> 8) & 0xFF,
          (int) (word >>> 16) & 0xFFFF,
          memory.getLong(at + 8),
          memory.getInt(at + 16),
          memory.getInt(at + 20),
          memory.getLong(at + 24));
    }
  }
}
