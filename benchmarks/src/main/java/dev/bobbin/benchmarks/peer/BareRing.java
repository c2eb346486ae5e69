package dev.bobbin.benchmarks.peer;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import dev.bobbin.RawJob;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.internal.ring.Cursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A ring of equal slots, for one producer and one worker. A slot begins with the length of its
 * bytes, which is stored last, with release, and zero while there is no job: the worker makes it so
 * before it gives the slot back.
 */
final class BareRing implements RawJob {
  static final int HEADER_BYTES = 40;

  private static final int BATCH = 256;
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer memory;
  private final int header;
  private final int payload;
  private final int slotBytes;
  private final int slots;

  /** Slots that the worker has given back. Written by it with release, read by the producer. */
  private final Cursor given = new Cursor(0);

  /** Slots that were claimed, where they are. */
  private final Cursor claimed = new Cursor(0);

  /** The producer's, at least what was given back when it last looked. */
  private final long[] producer = new long[32];

  /** Where in {@link #producer}: apart from what lies beside the array. */
  private static final int NEXT = 15;

  private static final int SEEN = 16;

  // The worker's.
  private final long[] worker = new long[32];
  private static final int TAKEN = 15;
  private static final int AT = 16;

  BareRing(ByteBuffer memory, int header, int payload) {
    this.memory = memory;
    this.header = header;
    this.payload = payload;
    this.slotBytes = (header + payload + Long.BYTES - 1) & -Long.BYTES;
    this.slots = Integer.highestOneBit(memory.capacity() / slotBytes);
  }

  /** The next slot, for the only producer there is, once it is free. */
  long next() {
    long number = producer[NEXT]++;
    awaitFree(number);
    return number;
  }

  /** As {@link #next}, with what it takes if there were others. */
  long claim() {
    while (true) {
      long number = claimed.getVolatile();
      awaitFree(number);
      if (claimed.compareAndSet(number, number + 1)) {
        return number;
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // what it is measured with
  private void awaitFree(long number) {
    while (number - producer[SEEN] >= slots) {
      producer[SEEN] = given.getAcquire();
      if (number - producer[SEEN] >= slots) {
        Thread.yield();
      }
    }
  }

  private int offset(long number) {
    return ((int) number & (slots - 1)) * slotBytes;
  }

  void put(long number, byte[] bytes) {
    int offset = offset(number);
    memory.put(offset + Long.BYTES, bytes);
    WORD.setRelease(memory, offset, (long) (header + payload));
  }

  byte[] newFrame() {
    return new byte[header + payload];
  }

  /** Fills in the header: length and checksum, place, id, time and kind. */
  void seal(byte[] frame, long number, CRC32C crc) {
    long place = number * slotBytes;
    LONGS.set(frame, 8, place);
    LONGS.set(frame, 16, place);
    LONGS.set(frame, 24, 0L);
    LONGS.set(frame, 32, 1L);
    crc.reset();
    crc.update(frame, Long.BYTES, frame.length - Long.BYTES);
    LONGS.set(frame, 0, crc.getValue() << Integer.SIZE | frame.length);
  }

  void putFrame(long number, byte[] frame) {
    int offset = offset(number);
    memory.put(offset + Long.BYTES, frame, Long.BYTES, frame.length - Long.BYTES);
    WORD.setRelease(memory, offset, (long) LONGS.get(frame, 0));
  }

  /** Hands out jobs, as many as there are up to a batch; whether there was one. */
  boolean take(Receiver receiver) {
    long from = worker[TAKEN];
    long number = from;
    int offset = offset(number);
    while (number - from < BATCH && (int) (long) WORD.getAcquire(memory, offset) != 0) {
      worker[AT] = (long) offset + header;
      receiver.handle(this);
      memory.putLong(offset, 0);
      offset = offset(++number);
    }
    worker[TAKEN] = number;
    given.setRelease(number);
    return number > from;
  }

  // The job that is being handed out.

  @Override
  public int length() {
    return payload;
  }

  @Override
  public byte getByte(int index) {
    return memory.get((int) worker[AT] + index);
  }

  @Override
  public int getInt(int index) {
    return memory.getInt((int) worker[AT] + index);
  }

  @Override
  public long getLong(int index) {
    return memory.getLong((int) worker[AT] + index);
  }

  @Override
  public void copyTo(byte[] target, int targetOffset) {
    memory.get((int) worker[AT], target, targetOffset, payload);
  }

  @Override
  public JobId id() {
    return new JobId(0, worker[TAKEN]);
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Priority priority() {
    return Priority.NORMAL;
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }
}
