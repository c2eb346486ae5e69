package dev.bobbin.torture.fuzz;

/** Blocks in a segment whose header is good. */
public final class BlockTarget {
  private BlockTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    byte[] segment = new byte[JournalCheck.SEGMENT_BYTES];
    Seal.little(segment).putLong(24, 1);
    Seal.segment(segment);
    Seal.lay(data, 0, segment);
    JournalCheck.check(segment, JournalCheck.emptyRing());
  }
}
