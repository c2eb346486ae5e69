package dev.bobbin.internal.delay;

import org.jspecify.annotations.Nullable;

/**
 * A fixed number of first-in-first-out queues of (due time, position) pairs that share chunks of
 * memory.
 *
 * <p>Emptied chunks go to a free list and serve the next slot in need. The free list stays below a
 * quarter of what is in use plus a constant, so a wheel that shrinks gives memory back, and an
 * empty wheel holds one chunk.
 */
final class Slots {

  private static final int LONGS_PER_ENTRY = 2;
  private static final int CHUNK_LONGS = 64 * LONGS_PER_ENTRY;
  private static final int KEPT_FREE_CHUNKS = 64;

  private final @Nullable Chunk[] heads;
  private final @Nullable Chunk[] tails;
  private @Nullable Chunk free;
  private int freeChunks;
  private int usedChunks;

  private static final class Chunk {
    final long[] pairs = new long[CHUNK_LONGS];
    int read;
    int written;
    @Nullable Chunk next;
  }

  Slots(int count) {
    heads = new Chunk[count];
    tails = new Chunk[count];
  }

  boolean isEmpty(int slot) {
    return heads[slot] == null;
  }

  void append(int slot, long dueMillis, long position) {
    Chunk tail = tails[slot];
    if (tail == null || tail.written == CHUNK_LONGS) {
      Chunk chunk = takeChunk();
      if (tail == null) {
        heads[slot] = chunk;
      } else {
        tail.next = chunk;
      }
      tails[slot] = chunk;
      tail = chunk;
    }
    tail.pairs[tail.written] = dueMillis;
    tail.pairs[tail.written + 1] = position;
    tail.written += LONGS_PER_ENTRY;
  }

  long firstDueMillis(int slot) {
    Chunk head = head(slot);
    return head.pairs[head.read];
  }

  long firstPosition(int slot) {
    Chunk head = head(slot);
    return head.pairs[head.read + 1];
  }

  void removeFirst(int slot) {
    Chunk head = head(slot);
    head.read += LONGS_PER_ENTRY;
    if (head.read == head.written) {
      heads[slot] = head.next;
      if (head.next == null) {
        tails[slot] = null;
      }
      releaseChunk(head);
    }
  }

  /** Counts the arrays that are there, rather than trusting the counters. */
  long memoryBytes() {
    long longs = chainLongs(free);
    for (Chunk head : heads) {
      longs += chainLongs(head);
    }
    return longs * Long.BYTES;
  }

  private static long chainLongs(@Nullable Chunk first) {
    long longs = 0;
    for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
      longs += chunk.pairs.length;
    }
    return longs;
  }

  private Chunk head(int slot) {
    Chunk head = heads[slot];
    if (head == null) {
      throw new IllegalStateException("expected an entry in slot " + slot + ", found none");
    }
    return head;
  }

  private Chunk takeChunk() {
    Chunk chunk = free;
    if (chunk == null) {
      chunk = new Chunk();
    } else {
      free = chunk.next;
      chunk.next = null;
      freeChunks--;
    }
    usedChunks++;
    return chunk;
  }

  private void releaseChunk(Chunk chunk) {
    usedChunks--;
    if (usedChunks == 0) {
      free = null;
      freeChunks = 0;
    }
    if (freeChunks < usedChunks / 4 + KEPT_FREE_CHUNKS) {
      chunk.read = 0;
      chunk.written = 0;
      chunk.next = free;
      free = chunk;
      freeChunks++;
    }
  }
}
