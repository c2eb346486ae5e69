package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the delayed and dead jobs of a queue in memory where a journal would. Changed by the I/O
 * thread, read by others; its monitor guards the frames.
 */
public final class HeapLog implements Log {
  private final TreeMap<Long, byte[]> frames = new TreeMap<>();
  private final ByteBuffer body;

  public HeapLog(int maxBodyBytes) {
    body = ByteBuffer.allocate(maxBodyBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer body() {
    return body.clear();
  }

  /** Keeps one frame. */
  public synchronized void keep(long position, byte[] frame) {
    frames.put(position, frame);
  }

  /** The frame at {@code position}, or null if it is finished. */
  public synchronized byte @Nullable [] read(long position) {
    return frames.get(position);
  }

  @Override
  public void appendJobs(Span span) {
    // Frames were kept one by one; a queue in memory has nothing to write.
  }

  @Override
  public synchronized void appendFinished(PositionRanges acks) {
    acks.forEach(0, Long.MAX_VALUE, (from, to) -> frames.subMap(from, to).clear());
  }

  @Override
  public void force() {
    // Memory is as durable as it gets.
  }

  @Override
  public void reclaim() {
    // The collector does it.
  }
}
