package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Cursor;

/**
 * How many bytes may be in hand at once, so that all of them can be retried from the ring's reserve
 * (invariant 8). Whoever wants jobs sets a batch's worth aside before he knows what he gets, and
 * corrects it when he does. Thread-safe.
 */
final class Allowance {
  /** Most bytes of a batch, so that it stays in the processor's cache. */
  private static final int MAX_BATCH_BYTES = 128 << 10;

  private final int maxBytes;
  private final int frameBytes;
  private final Cursor inHand = new Cursor(0);

  /**
   * @param maxBytes in hand at once
   * @param frameBytes the largest frame
   */
  Allowance(int maxBytes, int frameBytes) {
    this.maxBytes = maxBytes;
    this.frameBytes = frameBytes;
  }

  /** Most bytes of a batch, but for its last job. */
  int batchBytes() {
    return Math.min(MAX_BATCH_BYTES, maxBytes / 8);
  }

  /** What is set aside for a batch. */
  int reservedBytes() {
    return frameBytes + batchBytes();
  }

  /** Sets {@link #reservedBytes} aside; false if too much is in hand. */
  boolean reserve() {
    int bytes = reservedBytes();
    long now = inHand.getVolatile();
    while (now + bytes <= maxBytes) {
      if (inHand.compareAndSet(now, now + bytes)) {
        return true;
      }
      now = inHand.getVolatile();
    }
    return false;
  }

  /** Whether {@link #reserve} would succeed now. */
  boolean hasRoom() {
    return inHand.getVolatile() + reservedBytes() <= maxBytes;
  }

  /** So many bytes more are in hand, or less. */
  void adjust(long bytes) {
    inHand.getAndAdd(bytes);
  }
}
