package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the ring's file is divided; mapped in three parts and never forced, for forcing a page that
 * producers write to would stop them.
 *
 * <pre>
 *   0                      4096               4096 + 256 KiB
 *   +---- settled mark ----+-- finished log --+-- ring ------ ... --+
 * </pre>
 */
public final class RingFile {
  public static final String NAME = "ring";
  public static final int MARK_AT = 0;
  public static final int LOG_AT = 4096;
  public static final int RING_AT = LOG_AT + FinishedLog.BYTES;

  private RingFile() {}

  /** Size of the file for a ring of {@code ringBytes}. */
  public static long bytes(int ringBytes) {
    return RING_AT + (long) ringBytes;
  }

  /** The parts, mapped or in plain memory. */
  public record Parts(ByteBuffer mark, ByteBuffer log, ByteBuffer ring) {
    public Parts {
      mark.order(ByteOrder.LITTLE_ENDIAN);
      log.order(ByteOrder.LITTLE_ENDIAN);
      ring.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Plain memory. */
    public static Parts inMemory(int ringBytes) {
      return new Parts(
          ByteBuffer.allocateDirect(SettledMark.BYTES),
          ByteBuffer.allocateDirect(FinishedLog.BYTES),
          ByteBuffer.allocateDirect(ringBytes));
    }

    /**
     * Forgets what an earlier process reported; what it left in the ring is below every position to
     * come.
     */
    public void reset() {
      mark.put(0, new byte[SettledMark.BYTES]);
      log.put(0, new byte[FinishedLog.BYTES]);
    }
  }
}
