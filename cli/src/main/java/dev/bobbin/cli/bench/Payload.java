package dev.bobbin.cli.bench;

import dev.bobbin.RawJob;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Payloads of one size that can be told apart from all others and from damaged ones: checking looks
 * at every byte. The first and the last word depend on the sequence number, the rest on its lowest
 * six bits, so that a producer prepares {@link #KINDS} arrays once and then stamps two words a job:
 * what is measured is the queue, not the making of payloads.
 *
 * <pre>
 *   0        8             16                  last word    8 * words   size
 *   +--------+-------------+-------- ... ------+------------+-----------+
 *   |sequence| kind + 1    | kind + 2          | mixed      | low bytes |     kind = sequence % 64 * MIX
 *   +--------+-------------+-------- ... ------+------------+-of kind --+     mixed = sequence * MIX
 * </pre>
 */
public final class Payload {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd, so that no two sequence numbers share a product. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** How many arrays {@link #prepared} makes. */
  public static final int KINDS = 64;

  private final int size;
  private final int words;

  public Payload(int size) {
    this.size = size;
    this.words = size / Long.BYTES;
  }

  public int size() {
    return size;
  }

  public void fill(byte[] target, long sequence) {
    long kind = kind(sequence);
    for (int word = 1; word < words - 1; word++) {
      LONGS.set(target, word * Long.BYTES, kind + word);
    }
    for (int i = words * Long.BYTES; i < size; i++) {
      target[i] = (byte) (kind >>> (i % Long.BYTES * Byte.SIZE));
    }
    stamp(target, sequence);
  }

  /** One array of each kind, for {@link #stamp}. */
  public byte[][] prepared() {
    byte[][] prepared = new byte[KINDS][size];
    for (int kind = 0; kind < KINDS; kind++) {
      fill(prepared[kind], kind);
    }
    return prepared;
  }

  /**
   * Turns an array that was filled for a number of the same kind into the payload of {@code
   * sequence}.
   */
  public void stamp(byte[] target, long sequence) {
    LONGS.set(target, (words - 1) * Long.BYTES, sequence * MIX);
    LONGS.set(target, 0, sequence);
  }

  private static long kind(long sequence) {
    return (sequence & (KINDS - 1)) * MIX;
  }

  /** The sequence number that {@code bytes} claim to have, unchecked. */
  public static long sequence(byte[] bytes) {
    return (long) LONGS.get(bytes, 0);
  }

  /** The sequence number of the payload, every byte of which was found right. */
  public long check(byte[] found) {
    if (found.length != size) {
      throw wrong("has " + found.length + " bytes instead of " + size);
    }
    long sequence = (long) LONGS.get(found, 0);
    long kind = kind(sequence);
    long differences = (long) LONGS.get(found, (words - 1) * Long.BYTES) ^ (sequence * MIX);
    for (int word = 1; word < words - 1; word++) {
      differences |= (long) LONGS.get(found, word * Long.BYTES) ^ (kind + word);
    }
    for (int i = words * Long.BYTES; i < size; i++) {
      differences |= found[i] ^ (byte) (kind >>> (i % Long.BYTES * Byte.SIZE));
    }
    if (differences != 0) {
      throw wrong("with sequence number " + sequence + " has wrong bytes");
    }
    return sequence;
  }

  /** As {@link #check(byte[])}, where the bytes lie. */
  public long check(RawJob found) {
    if (found.length() != size) {
      throw wrong("has " + found.length() + " bytes instead of " + size);
    }
    long sequence = found.getLong(0);
    long kind = kind(sequence);
    long differences = found.getLong((words - 1) * Long.BYTES) ^ (sequence * MIX);
    for (int word = 1; word < words - 1; word++) {
      differences |= found.getLong(word * Long.BYTES) ^ (kind + word);
    }
    for (int i = words * Long.BYTES; i < size; i++) {
      differences |= found.getByte(i) ^ (byte) (kind >>> (i % Long.BYTES * Byte.SIZE));
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
