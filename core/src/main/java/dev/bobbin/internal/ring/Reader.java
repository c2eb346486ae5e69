package dev.bobbin.internal.ring;

/**
 * A worker's mark in the ring: nothing at or after its position is given back to producers while it
 * stands there. Each worker has one; only its worker moves it.
 */
public final class Reader {
  /** Where a mark stands that holds nothing. */
  static final long NOWHERE = Long.MAX_VALUE;

  final Cursor position = new Cursor(NOWHERE);
  private final InHand.Slot inHand;

  Reader(InHand.Slot inHand) {
    this.inHand = inHand;
  }

  /** Where its worker writes down what it holds, for recovery. */
  public InHand.Slot inHand() {
    return inHand;
  }

  /** The worker has finished reading: the space may be used again. */
  public void release() {
    position.setRelease(NOWHERE);
  }
}
