package dev.bobbin.internal.local;

import dev.bobbin.Deduplication;
import dev.bobbin.Priority;
import dev.bobbin.internal.recovery.Recovery;
import java.util.Arrays;

/** What recovery found outside the ring, kept until the queue is put together. */
final class Found implements Recovery.Sink {
  private final FoundDelayed delayed = new FoundDelayed();
  private final FoundKeys keys;
  private long[] dead = new long[16];
  private int deadSize;
  private long bytes;

  Found(Deduplication bounds, long nowMillis) {
    this.keys = new FoundKeys(bounds, nowMillis);
  }

  @Override
  public void delayed(Priority priority, long dueMillis, long position, int frameBytes) {
    delayed.add(priority, dueMillis, position);
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

  @Override
  public void keyed(String key, long id, long submittedSeconds) {
    keys.add(key, id, submittedSeconds);
  }

  FoundDelayed delayed() {
    return delayed;
  }

  FoundKeys keys() {
    return keys;
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
