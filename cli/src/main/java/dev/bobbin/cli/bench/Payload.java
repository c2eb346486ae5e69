package dev.bobbin.cli.bench;

import dev.bobbin.RawJob;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Payloads of one size that can be told apart from all others and from damaged ones: every byte
 * depends on the sequence number, and checking looks at every byte.
 *
 * <pre>
 *   0        8             16                    8 * words   size
 *   +--------+-------------+-------- ... --------+-----------+
 *   |sequence| mixed + 1   | mixed + 2           | low bytes |     mixed = sequence * MIX
 *   +--------+-------------+-------- ... --------+-of mixed--+
 * </pre>
 */
final class Payload {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd, so that no two sequence numbers share a product. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final int size;
  private final int words;

  Payload(int size) {
    this.size = size;
    this.words = size / Long.BYTES;
  }

  int size() {
    return size;
  }

  void fill(byte[] target, long sequence) {
    long mixed = sequence * MIX;
    LONGS.set(target, 0, sequence);
    for (int word = 1; word < words; word++) {
      LONGS.set(target, word * Long.BYTES, mixed + word);
    }
    for (int i = words * Long.BYTES; i < size; i++) {
      target[i] = (byte) (mixed >>> (i % Long.BYTES * Byte.SIZE));
    }
  }

  /** The sequence number that {@code bytes} claim to have, unchecked. */
  static long sequence(byte[] bytes) {
    return (long) LONGS.get(bytes, 0);
  }

  /** The sequence number of the payload, every byte of which was found right. */
  long check(byte[] found) {
    if (found.length != size) {
      throw wrong("has " + found.length + " bytes instead of " + size);
    }
    long sequence = (long) LONGS.get(found, 0);
    long mixed = sequence * MIX;
    long differences = 0;
    for (int word = 1; word < words; word++) {
      differences |= (long) LONGS.get(found, word * Long.BYTES) ^ (mixed + word);
    }
    for (int i = words * Long.BYTES; i < size; i++) {
      differences |= found[i] ^ (byte) (mixed >>> (i % Long.BYTES * Byte.SIZE));
    }
    if (differences != 0) {
      throw wrong("with sequence number " + sequence + " has wrong bytes");
    }
    return sequence;
  }

  /** As {@link #check(byte[])}, where the bytes lie. */
  long check(RawJob found) {
    if (found.length() != size) {
      throw wrong("has " + found.length() + " bytes instead of " + size);
    }
    long sequence = found.getLong(0);
    long mixed = sequence * MIX;
    long differences = 0;
    for (int word = 1; word < words; word++) {
      differences |= found.getLong(word * Long.BYTES) ^ (mixed + word);
    }
    for (int i = words * Long.BYTES; i < size; i++) {
      differences |= found.getByte(i) ^ (byte) (mixed >>> (i % Long.BYTES * Byte.SIZE));
    }
    if (differences != 0) {
      throw wrong("with sequence number " + sequence + " has wrong bytes");
    }
    return sequence;
  }

  private static IllegalStateException wrong(String what) {
    return new IllegalStateException("a payload " + what);
  }
}
