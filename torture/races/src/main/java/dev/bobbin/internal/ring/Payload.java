package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Payloads of one byte many times, so that one that is not whole shows. */
final class Payload {
  /** Jobs are ready since then, plus the value of their bytes. */
  static final long MILLIS = 1_000_000;

  /** What {@link #read} says of a frame that is not as it was written. */
  private static final int TORN = -1;

  private static final int[] DIGITS = {0, 1, 10, 100, 1_000};

  private Payload() {}

  static byte[] of(int value, int bytes) {
    byte[] payload = new byte[bytes];
    Arrays.fill(payload, (byte) value);
    return payload;
  }

  /** What a job of this value counts for in a sum. */
  static int digit(int value) {
    return value == TORN ? Scene.TORN : DIGITS[value];
  }

  /** The value of the job's bytes, or {@link #TORN} if any part of its frame says otherwise. */
  static int read(Claim claim, int index) {
    ByteBuffer memory = claim.memory();
    int offset = claim.offset(index);
    int value = memory.get(offset + Frame.HEADER_BYTES);
    int length = memory.getInt(offset + Frame.WORD);
    if (value < 1
        || value >= DIGITS.length
        || length < Frame.HEADER_BYTES
        || offset + length > memory.capacity()) {
      return TORN;
    }
    boolean whole =
        memory.getLong(offset + Frame.POSITION) == claim.positionAt(offset)
            && memory.getLong(offset + Frame.ID) == claim.positionAt(offset)
            && memory.getLong(offset + Frame.TIME) == MILLIS + value
            && memory.get(offset + Frame.KIND) == Frame.READY;
    for (int at = offset + Frame.HEADER_BYTES; at < offset + length; at++) {
      whole &= memory.get(at) == value;
    }
    return whole ? value : TORN;
  }
}
