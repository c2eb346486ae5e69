package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the ring's file is divided; mapped in parts and never forced, for forcing a page that
 * producers write to would stop them.
 *
 * <pre>
 *   0                4096
 *   +- settled mark -+- in hand -+- finished log -+-- ring ------ ... --+
 *
 *   in hand       32 to 256 KiB, see {@link InHand}
 *   finished log  8 to 256 KiB, see {@link FinishedLog}
 * </pre>
 */
public final class RingFile {
  public static final String NAME = "ring";
  public static final int MARK_AT = 0;
  public static final int IN_HAND_AT = 4096;

  private RingFile() {}

  /** Where the finished log begins. */
  public static int logAt(int ringBytes) {
    return IN_HAND_AT + InHand.bytes(ringBytes);
  }

  /** Where the ring begins. */
  public static int ringAt(int ringBytes) {
    return logAt(ringBytes) + FinishedLog.bytes(ringBytes);
  }

  /** Size of the file for a ring of {@code ringBytes}. */
  public static long bytes(int ringBytes) {
    return ringAt(ringBytes) + (long) ringBytes;
  }

  /** The parts, mapped or in plain memory. */
  public record Parts(ByteBuffer mark, ByteBuffer inHand, ByteBuffer log, ByteBuffer ring) {
    public Parts {
      mark.order(ByteOrder.LITTLE_ENDIAN);
      inHand.order(ByteOrder.LITTLE_ENDIAN);
      log.order(ByteOrder.LITTLE_ENDIAN);
      ring.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Plain memory. */
    public static Parts inMemory(int ringBytes) {
      return new Parts(
          ByteBuffer.allocateDirect(SettledMark.BYTES),
          ByteBuffer.allocateDirect(InHand.bytes(ringBytes)),
          ByteBuffer.allocateDirect(FinishedLog.bytes(ringBytes)),
          ByteBuffer.allocateDirect(ringBytes));
    }

    /**
     * Forgets what an earlier process reported; what it left in the ring is below every position to
     * come.
     */
    public void reset() {
      mark.put(0, new byte[SettledMark.BYTES]);
      inHand.put(0, new byte[inHand.capacity()]);
      log.put(0, new byte[log.capacity()]);
    }
  }
}
