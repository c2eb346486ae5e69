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
 * before it gives the slot back. It is also the job that is being handed out: one object, as in the
 * queue.
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

  /** The producer's: the slot it takes next if it need not claim it. */
  private final Cursor next = new Cursor(0);

  /** The producer's: {@link #given} when it last looked. */
  private final Cursor seen = new Cursor(0);

  /** The worker's: slots that it has taken. */
  private final Cursor taken = new Cursor(0);

  /** The worker's: where the payload begins of the job that it hands out. */
  private final Cursor at = new Cursor(0);

  BareRing(ByteBuffer memory, int header, int payload) {
    this.memory = memory;
    this.header = header;
    this.payload = payload;
    this.slotBytes = (header + payload + Long.BYTES - 1) & -Long.BYTES;
    this.slots = Integer.highestOneBit(memory.capacity() / slotBytes);
  }

  /** The next slot, for the only producer there is, once it is free. */
  long next() {
    long number = next.getOpaque();
    next.addOwned(1);
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
    while (number - seen.getOpaque() >= slots) {
      long now = given.getAcquire();
      if (now == seen.getOpaque()) {
        Thread.yield();
      }
      seen.setRelease(now);
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

  /** Fills in the header: length and checksum, and four words for place, id, time and kind. */
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
    long from = taken.getOpaque();
    long number = from;
    int offset = offset(number);
    while (number - from < BATCH && (int) (long) WORD.getAcquire(memory, offset) != 0) {
      at.setRelease(offset + header);
      receiver.handle(this);
      memory.putLong(offset, 0);
      offset = offset(++number);
    }
    if (number == from) {
      return false;
    }
    taken.setRelease(number);
    given.setRelease(number);
    return true;
  }

  // The job that is being handed out.

  @Override
  public int length() {
    return payload;
  }

  @Override
  public byte getByte(int index) {
    return memory.get((int) at.getOpaque() + index);
  }

  @Override
  public int getInt(int index) {
    return memory.getInt((int) at.getOpaque() + index);
  }

  @Override
  public long getLong(int index) {
    return memory.getLong((int) at.getOpaque() + index);
  }

  @Override
  public void copyTo(byte[] target, int targetOffset) {
    memory.get((int) at.getOpaque(), target, targetOffset, payload);
  }

  @Override
  public JobId id() {
    return new JobId(0, taken.getOpaque());
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
