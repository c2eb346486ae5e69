package dev.bobbin.internal.ring;

/** What workers would have reported to a ring. */
public final class Reports {
  private Reports() {}

  /** The jobs at [from, to) are finished. */
  public static void finished(RingFile.Parts parts, long seed, long from, long to) {
    new FinishedLog(parts.log(), seed).offer(from, to);
  }

  /** The job at [from, to) is in a worker's hand. */
  public static void inHand(RingFile.Parts parts, long from, long to) {
    InHand.Slot slot = new InHand(parts.inHand()).take();
    slot.add(from, to);
    slot.hold();
  }
}
