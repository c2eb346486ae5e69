package dev.bobbin.internal.local;

import dev.bobbin.internal.recovery.Recovery;
import java.util.Arrays;

/** What recovery found outside the ring, kept until the queue is put together. */
final class Found implements Recovery.Sink {
  private long[] delayed = new long[16];
  private int delayedSize;
  private long[] deadPositions = new long[16];
  private int deadSize;
  private long bytes;

  /** Receives a delayed job. */
  interface DelayedVisitor {
    void delayed(long dueMillis, long position);
  }

  @Override
  public void delayed(long dueMillis, long position, int frameBytes) {
    if (delayedSize + 2 > delayed.length) {
      delayed = Arrays.copyOf(delayed, delayed.length * 2);
    }
    delayed[delayedSize++] = dueMillis;
    delayed[delayedSize++] = position;
    bytes += frameBytes;
  }

  @Override
  public void dead(long position, int frameBytes) {
    if (deadSize == deadPositions.length) {
      deadPositions = Arrays.copyOf(deadPositions, deadSize * 2);
    }
    deadPositions[deadSize++] = position;
  }

  @Override
  public void ready(long jobs, long liveBytes) {
    bytes += liveBytes;
  }

  void forEach(DelayedVisitor visitor) {
    for (int i = 0; i < delayedSize; i += 2) {
      visitor.delayed(delayed[i], delayed[i + 1]);
    }
  }

  long[] deadPositions() {
    return Arrays.copyOf(deadPositions, deadSize);
  }

  /** Bytes of unfinished jobs; dead letters are not among them. */
  long bytes() {
    return bytes;
  }
}
