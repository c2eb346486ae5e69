package dev.bobbin.internal.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The blocks of a segment that lie where they were written, as far as that can be told: the longest
 * sequence of rising numbers. A block that something put in another's place must not hide those in
 * between.
 */
final class Ascending {
  private Ascending() {}

  /** Picks from the good blocks of a segment, in the order of the file. */
  static List<Chain.Entry> of(List<Chain.Entry> blocks) {
    List<Chain.Entry> longest = isRising(blocks) ? blocks : longest(blocks);
    List<Chain.Entry> apart = new ArrayList<>(longest.size());
    long end = 0;
    for (Chain.Entry block : longest) {
      if (block.offset() >= end) {
        apart.add(block);
        end = block.offset() + block.header().blockBytes();
      }
    }
    return apart;
  }

  private static boolean isRising(List<Chain.Entry> blocks) {
    for (int i = 1; i < blocks.size(); i++) {
      if (number(blocks, i) <= number(blocks, i - 1)) {
        return false;
      }
    }
    return true;
  }

  private static long number(List<Chain.Entry> blocks, int index) {
    return blocks.get(index).header().number();
  }

  /** By patience: {@code tops[n]} is the block with the lowest number that ends a sequence of n. */
  private static List<Chain.Entry> longest(List<Chain.Entry> blocks) {
    int[] tops = new int[blocks.size()];
    int[] before = new int[blocks.size()];
    int length = 0;
    for (int i = 0; i < blocks.size(); i++) {
      int low = 0;
      int high = length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (number(blocks, tops[middle]) < number(blocks, i)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      before[i] = low == 0 ? -1 : tops[low - 1];
      tops[low] = i;
      length = Math.max(length, low + 1);
    }
    Chain.Entry[] longest = new Chain.Entry[length];
    int at = length == 0 ? -1 : tops[length - 1];
    for (int n = length - 1; n >= 0; n--) {
      longest[n] = blocks.get(at);
      at = before[at];
    }
    return Arrays.asList(longest);
  }
}
