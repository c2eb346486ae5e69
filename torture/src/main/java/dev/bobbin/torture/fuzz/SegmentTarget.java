package dev.bobbin.torture.fuzz;

import java.util.Arrays;

/** A segment: its size, its header, and blocks. */
public final class SegmentTarget {
  private static final int HEADER = 40;

  private SegmentTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length < HEADER + 3) {
      return;
    }
    byte[] segment = new byte[JournalCheck.SEGMENT_BYTES];
    System.arraycopy(data, 3, segment, 0, HEADER);
    if ((data[0] & 1) == 0) {
      Seal.segment(segment);
    }
    Seal.lay(data, HEADER + 3, segment);
    int cut = Seal.little(data).getShort(1) & 0xFFFF;
    byte[] file = (data[0] & 2) == 0 ? segment : Arrays.copyOf(segment, cut);
    JournalCheck.check(file, JournalCheck.emptyRing());
  }
}
