package dev.bobbin.internal.ring;

import org.jspecify.annotations.Nullable;

/**
 * A worker's mark in the ring: nothing at or after its position is given back to producers while it
 * stands there. Each worker has one; only its worker moves it.
 */
public final class Reader {
  /** Where a mark stands that holds nothing. */
  static final long NOWHERE = Long.MAX_VALUE;

  final Cursor position = new Cursor(NOWHERE);
  private final InHand inHand;

  /** Taken when it is first asked for; only its worker touches it. */
  private InHand.@Nullable Slot slot;

  Reader(InHand inHand) {
    this.inHand = inHand;
  }

  /** Where its worker writes down what it holds, for recovery. */
  public InHand.Slot inHand() {
    if (slot == null) {
      slot = inHand.take();
    }
    return slot;
  }

  /** Gives its slot back, if it has one. */
  void close() {
    if (slot != null) {
      inHand.giveBack(slot);
    }
  }

  /** The worker has finished reading: the space may be used again. */
  public void release() {
    position.setRelease(NOWHERE);
  }
}
