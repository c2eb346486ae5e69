package dev.bobbin.torture.corrupt;

import java.util.List;

/** What lies where in an undamaged directory. */
final class Placed {
  private Placed() {}

  /** A job's frame: in a segment or in the ring. */
  record Frame(String job, String file, int offset, int bytes, long position) {}

  /**
   * A block of the journal, with the frames or the finished ranges in it.
   *
   * @param moved whether its jobs were copied forward
   */
  record Block(
      String file,
      int offset,
      int bytes,
      boolean moved,
      long number,
      long journaledEnd,
      long durable,
      List<Frame> frames,
      List<long[]> finished) {}
}
