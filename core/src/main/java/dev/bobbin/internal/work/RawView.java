package dev.bobbin.internal.work;

import dev.bobbin.JobId;
import dev.bobbin.RawJob;
import dev.bobbin.internal.ring.Frame;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A view that is moved from frame to frame; raw jobs have no note in front of their payload. */
final class RawView implements RawJob {
  private final long origin;
  private ByteBuffer memory = ByteBuffer.allocate(0);
  private int frame;
  private int payload;
  private int length;

  RawView(long origin) {
    this.origin = origin;
  }

  RawView moveTo(ByteBuffer newMemory, int frameOffset) {
    memory = newMemory;
    frame = frameOffset;
    payload = frameOffset + Frame.HEADER_BYTES;
    length = newMemory.getInt(frameOffset) - Frame.HEADER_BYTES;
    return this;
  }

  @Override
  public JobId id() {
    return new JobId(origin, memory.getLong(frame + Frame.ID));
  }

  @Override
  public int attempt() {
    return memory.getShort(frame + Frame.ATTEMPT) & 0xFFFF;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public byte getByte(int index) {
    return memory.get(payload + Objects.checkIndex(index, length));
  }

  @Override
  public int getInt(int index) {
    return memory.getInt(payload + Objects.checkIndex(index, length - Integer.BYTES + 1));
  }

  @Override
  public long getLong(int index) {
    return memory.getLong(payload + Objects.checkIndex(index, length - Long.BYTES + 1));
  }

  @Override
  public void copyTo(byte[] target, int targetOffset) {
    memory.get(payload, target, targetOffset, length);
  }
}
