package dev.bobbin.torture.oracle;

import dev.bobbin.Refusal;
import dev.bobbin.torture.oracle.Plan.Outcome;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What one thread of a child reports to the {@link Oracle}: a mapped file, so that a record is
 * there as soon as it is stored, whatever becomes of the process. One writer; read after its death.
 *
 * <pre>
 *   0      8     16      24     32
 *   +------+-----+-------+------+--------+
 *   | word | key | print | size | millis |  word   type, detail and attempt; written last, with release; 0: no record
 *   +------+-----+-------+------+--------+  key    the job's, see {@link Plan}; or a time
 *    8      8     4       4      8          print  of what was delivered; or milliseconds that a submit took
 *                                           millis since 1970, when the record was begun
 * </pre>
 */
public final class Log {
  /** Jobs in a batch of a raw worker; one that has come this far beyond a job is done with it. */
  public static final int RAW_BATCH = 256;

  /** A submit is about to begin; becomes one of the next three when it has ended. */
  static final int INTENT = 1;

  static final int ACCEPTED = 2;

  /** Detail: the reason's ordinal + 1, or 0 if there was none. */
  static final int REFUSED = 3;

  /** A handler has got the job and knows which outcome it will give, but has not given it. */
  static final int DELIVERED = 4;

  /** The outcomes of everything that this thread was given before have been carried out. */
  static final int DONE = 5;

  /** The outcome of this thread's last delivery of the job was refused: its lease had ended. */
  static final int LATE = 6;

  /** A {@code sync()} of this thread has returned: all that it had submitted is durable. */
  static final int SYNCED = 7;

  /** All that was accepted before the time in {@code key} is durable, by the status. */
  static final int DURABLE = 8;

  /** All that was accepted or carried out before the time in {@code key} is on disk. */
  static final int FLUSHED = 9;

  /** The queue has stopped after an error, and this thread has seen it. */
  static final int FAILED = 10;

  /** Detail of INTENT and ACCEPTED: the queue was known to have failed when the submit began. */
  static final int AFTER_FAILURE = 1;

  private static final int RECORD_BYTES = 32;
  private static final int KEY = 8;
  private static final int PRINT = 16;
  private static final int SIZE = 20;
  private static final int MILLIS = 24;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MappedByteBuffer memory;
  private int next;

  private Log(MappedByteBuffer memory) {
    this.memory = memory;
    memory.order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A log for {@code records} records at most.
   *
   * @param thread what it is called: begins with the {@link Kind} of the thread
   */
  public static Log create(Path logs, int run, Kind kind, int thread, int records)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            logs.resolve(run + "-" + kind.word + "-" + thread),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return new Log(channel.map(MapMode.READ_WRITE, 0, (long) records * RECORD_BYTES));
    }
  }

  static Log read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Log(channel.map(MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  /** Whose log it is. */
  public enum Kind {
    PRODUCER,
    /** A worker or taker that says DONE when outcomes are carried out. */
    WORKER,
    /** A raw worker, which cannot: a whole batch later a job's outcome is carried out. */
    RAW,
    /** A thread that watches the queue. */
    WATCH;

    private final String word = name().toLowerCase(java.util.Locale.ROOT);

    boolean wrote(Path file, int run) {
      return String.valueOf(file.getFileName()).startsWith(run + "-" + word + "-");
    }
  }

  public boolean isFull() {
    return next + RECORD_BYTES > memory.capacity();
  }

  private void append(int type, int detail, int attempt, long key, int print, int size) {
    memory.putLong(next + KEY, key);
    memory.putInt(next + PRINT, print);
    memory.putInt(next + SIZE, size);
    memory.putLong(next + MILLIS, System.currentTimeMillis());
    LONG.setRelease(memory, next, word(type, detail, attempt));
    next += RECORD_BYTES;
  }

  /** Before a submit. Follow it with {@link #accepted} or {@link #refused}. */
  public void intent(long key, boolean afterFailure) {
    append(INTENT, afterFailure ? AFTER_FAILURE : 0, 0, key, 0, 0);
  }

  /** The submit that was intended last has returned. */
  public void accepted() {
    int at = next - RECORD_BYTES;
    long detail = (long) LONG.get(memory, at) & 0xFF00;
    memory.putInt(at + PRINT, (int) (System.currentTimeMillis() - memory.getLong(at + MILLIS)));
    LONG.setRelease(memory, at, ACCEPTED | detail);
  }

  /** The submit that was intended last was refused. */
  @SuppressWarnings("EnumOrdinal") // who reads it has the same classes
  public void refused(@Nullable Refusal reason) {
    LONG.setRelease(
        memory, next - RECORD_BYTES, word(REFUSED, reason == null ? 0 : reason.ordinal() + 1, 0));
  }

  /** Before the handler gives {@code outcome}. */
  @SuppressWarnings("EnumOrdinal") // who reads it has the same classes
  public void delivered(long key, int attempt, Outcome outcome, int print, int size) {
    append(DELIVERED, outcome.ordinal(), attempt, key, print, size);
  }

  public void done() {
    append(DONE, 0, 0, 0, 0, 0);
  }

  public void late(long key) {
    append(LATE, 0, 0, key, 0, 0);
  }

  public void synced() {
    append(SYNCED, 0, 0, 0, 0, 0);
  }

  public void durable(long beforeMillis) {
    append(DURABLE, 0, 0, beforeMillis, 0, 0);
  }

  public void flushed(long beforeMillis) {
    append(FLUSHED, 0, 0, beforeMillis, 0, 0);
  }

  public void failed() {
    append(FAILED, 0, 0, 0, 0, 0);
  }

  private static long word(int type, int detail, int attempt) {
    return type | (long) detail << 8 | (long) attempt << 16;
  }

  /** Receives records in the order in which they were written. */
  interface Visitor {
    void record(Entry entry);
  }

  /** One record. */
  record Entry(int type, int detail, int attempt, long key, int print, int size, long millis) {}

  void forEach(Visitor visitor) {
    for (int at = 0; at + RECORD_BYTES <= memory.capacity(); at += RECORD_BYTES) {
      long word = (long) LONG.getAcquire(memory, at);
      if (word == 0) {
        return;
      }
      visitor.record(
          new Entry(
              (int) word & 0xFF,
              (int) (word >>> 8) & 0xFF,
              (int) (word >>> 16) & 0xFFFF,
              memory.getLong(at + KEY),
              memory.getInt(at + PRINT),
              memory.getInt(at + SIZE),
              memory.getLong(at + MILLIS)));
    }
  }
}
