package dev.bobbin.benchmarks.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of one producer's jobs one worker has seen, a bit for each, in pages: one of many workers
 * sees runs of jobs here and there. Written by that worker.
 */
final class Arrivals {
  private static final int PAGE_SHIFT = 10;
  private static final int PAGE_WORDS = 1 << (PAGE_SHIFT - 6);

  private final long first;
  private final int step;
  private long[] @Nullable [] pages = new long[1][];

  /**
   * @param first the number of the round's first job that can come to this worker
   * @param step from each such job's number to the next one's
   */
  Arrivals(long first, int step) {
    this.first = first;
    this.step = step;
  }

  /** Returns whether the job is one of this round, at the right worker, and new to it. */
  boolean add(long number) {
    long index = number - first;
    if (index < 0) {
      return false;
    }
    if (step > 1) {
      if (index % step != 0) {
        return false;
      }
      index /= step;
    }
    long[] page = page((int) (index >>> PAGE_SHIFT));
    int word = (int) (index >>> 6) & PAGE_WORDS - 1;
    long bit = 1L << index;
    if ((page[word] & bit) != 0) {
      return false;
    }
    page[word] |= bit;
    return true;
  }

  private long[] page(int number) {
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
    }
    long[] page = pages[number];
    if (page == null) {
      page = new long[PAGE_WORDS];
      pages[number] = page;
    }
    return page;
  }

  /** How many different jobs those that these have seen are together. */
  static long distinct(Iterable<Arrivals> all) {
    Arrivals together = new Arrivals(0, 1);
    for (Arrivals one : all) {
      for (int i = 0; i < one.pages.length; i++) {
        long[] seen = one.pages[i];
        if (seen != null) {
          long[] page = together.page(i);
          for (int word = 0; word < PAGE_WORDS; word++) {
            page[word] |= seen[word];
          }
        }
      }
    }
    return Arrays.stream(together.pages)
        .filter(page -> page != null)
        .flatMapToLong(Arrays::stream)
        .map(Long::bitCount)
        .sum();
  }
}
