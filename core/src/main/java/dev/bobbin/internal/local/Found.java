package dev.bobbin.internal.local;

import dev.bobbin.internal.recovery.Recovery;
import java.util.Arrays;

/** What recovery found outside the ring, kept until the queue is put together. */
final class Found implements Recovery.Sink {
  private long[] delayed = new long[16];
  private int delayedSize;
  private long[] dead = new long[16];
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

  /** Receives a dead letter. */
  interface DeadVisitor {
    void dead(long position, long id, int bytes);
  }

  @Override
  public void dead(long position, long id, int frameBytes) {
    if (deadSize + 3 > dead.length) {
      dead = Arrays.copyOf(dead, dead.length * 2);
    }
    dead[deadSize++] = position;
    dead[deadSize++] = id;
    dead[deadSize++] = frameBytes;
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

  void forEachDead(DeadVisitor visitor) {
    for (int i = 0; i < deadSize; i += 3) {
      visitor.dead(dead[i], dead[i + 1], (int) dead[i + 2]);
    }
  }

  /** Bytes of unfinished jobs; dead letters are not among them. */
  long bytes() {
    return bytes;
  }
}
