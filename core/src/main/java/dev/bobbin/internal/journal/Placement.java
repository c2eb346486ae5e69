package dev.bobbin.internal.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which of the good headers in a segment count as its blocks. A block that is whole counts wherever
 * it lies: its header says which one it is. One that is not counts where it was written, as far as
 * that can be told: if something changed the places of blocks around it, or another one begins
 * inside it, what lies behind its header need not be its own, and its jobs are looked for one by
 * one.
 */
final class Placement {
  private final Blocks blocks;
  private final List<Chain.Entry> rest = new ArrayList<>();

  private Placement(Blocks blocks) {
    this.blocks = blocks;
  }

  /** Picks from the good headers of a segment, in the order of the file; by rising numbers. */
  static List<Chain.Entry> of(Blocks blocks, List<Chain.Entry> inFile) {
    Placement placement = new Placement(blocks);
    placement.pick(inFile);
    return placement.rest;
  }

  private void pick(List<Chain.Entry> inFile) {
    boolean[] doubtful = doubtful(inFile);
    long end = 0;
    for (int i = 0; i < inFile.size(); i++) {
      Chain.Entry entry = inFile.get(i);
      // What lies in a whole block is that block's.
      if (entry.offset() >= end && (!doubtful[i] || isWhole(entry))) {
        rest.add(entry);
        end = end(entry);
      }
    }
    rest.sort(Comparator.comparingLong(Placement::number));
    for (int i = rest.size() - 1; i > 0; i--) {
      // A copy of a whole block: its number does not come twice otherwise.
      if (number(rest.get(i)) == number(rest.get(i - 1))) {
        rest.remove(i);
      }
    }
  }

  /** Of which something else than the whole of them may lie where they are. */
  private static boolean[] doubtful(List<Chain.Entry> inFile) {
    boolean[] doubtful = new boolean[inFile.size()];
    long highest = -1;
    for (int i = 0; i < doubtful.length; i++) {
      // A higher number before it.
      doubtful[i] = number(inFile.get(i)) <= highest;
      highest = Math.max(highest, number(inFile.get(i)));
    }
    long lowest = Long.MAX_VALUE;
    for (int i = doubtful.length - 1; i >= 0; i--) {
      // A lower number behind it.
      doubtful[i] |= number(inFile.get(i)) >= lowest;
      lowest = Math.min(lowest, number(inFile.get(i)));
    }
    for (int i = 1; i < doubtful.length; i++) {
      Chain.Entry before = inFile.get(i - 1);
      Chain.Entry entry = inFile.get(i);
      boolean apart = number(entry) == number(before) + 1 && entry.offset() != end(before);
      // Another one begins inside it, or the one that follows it does not begin where it ends.
      doubtful[i - 1] |= apart || entry.offset() < end(before);
      doubtful[i] |= apart;
    }
    return doubtful;
  }

  private static long number(Chain.Entry entry) {
    return entry.header().number();
  }

  private static long end(Chain.Entry entry) {
    return entry.offset() + entry.header().blockBytes();
  }

  private boolean isWhole(Chain.Entry entry) {
    try {
      return blocks.isWhole(entry);
    } catch (IOException e) {
      return false;
    }
  }
}
