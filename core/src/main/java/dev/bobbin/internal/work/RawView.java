package dev.bobbin.internal.work;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import dev.bobbin.RawJob;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

/** A view that is moved from frame to frame. */
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
    payload = Frame.payloadOffset(newMemory, frameOffset);
    length = frameOffset + newMemory.getInt(frameOffset) - payload;
    return this;
  }

  /** As {@link #moveTo}, for a frame without note and extras. */
  RawView moveToPlain(ByteBuffer newMemory, int frameOffset) {
    memory = newMemory;
    frame = frameOffset;
    payload = frameOffset + Frame.HEADER_BYTES;
    length = newMemory.getInt(frameOffset) - Frame.HEADER_BYTES;
    return this;
  }

  /** When the job is no longer worth starting; {@link Long#MAX_VALUE} for never. */
  long expiryMillis() {
    // A payload right behind the header has no extras in front: nothing more to be read.
    return payload - frame == Frame.HEADER_BYTES
        ? Long.MAX_VALUE
        : Extras.expiryMillis(memory, frame);
  }

  @Override
  public JobId id() {
    return Frame.jobId(memory, frame, origin);
  }

  @Override
  public int attempt() {
    return memory.getShort(frame + Frame.ATTEMPT) & 0xFFFF;
  }

  @Override
  public Priority priority() {
    return Frame.priority(memory, frame);
  }

  @Override
  public Map<String, String> headers() {
    if (!Frame.hasExtras(memory, frame)) {
      return Map.of();
    }
    byte[] front = new byte[payload - frame];
    memory.get(frame, front);
    return Extras.headers(front, 0);
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
