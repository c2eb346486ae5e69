package dev.bobbin.testkit;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One file of a {@link TestDisk}: what was written, and what of it the disk would have lost.
 * Guarded by the disk's monitor, but for what is mapped, which its owner writes as it likes.
 */
final class DiskFile {
  static final int PIECE_BYTES = 512;
  private static final int COLLECTS = 1000;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];

  final long size;
  private final String path;

  /** What was written, by number of the piece; zeros where nothing is. Without what is mapped. */
  private final Map<Long, byte[]> pieces = new HashMap<>();

  private final TreeMap<Long, Unforced> unforced = new TreeMap<>();

  /** The mapped file's content; what is in {@link #pieces} is what the disk has of it. */
  private @Nullable ByteBuffer memory;

  /** Whether its name would outlive the machine. */
  boolean entryForced;

  /** A piece that was written, what the disk has instead, and whether a failed force gave it up. */
  private static final class Unforced {
    private final byte[] durable;
    private boolean lost;

    Unforced(byte[] durable) {
      this.durable = durable;
    }
  }

  DiskFile(String path, long size, boolean entryForced) {
    this.path = path;
    this.size = size;
    this.entryForced = entryForced;
  }

  void read(ByteBuffer target, long offset) {
    ByteBuffer mapped = memory;
    if (mapped != null) {
      target.put(mapped.slice((int) offset, target.remaining()));
      return;
    }
    for (long at = offset; target.hasRemaining(); ) {
      int within = (int) (at % PIECE_BYTES);
      int bytes = Math.min(PIECE_BYTES - within, target.remaining());
      target.put(piece(at / PIECE_BYTES), within, bytes);
      at += bytes;
    }
  }

  void write(ByteBuffer source, long offset) {
    ByteBuffer mapped = memory;
    if (mapped != null) {
      mapped.put((int) offset, source, source.position(), source.remaining());
      source.position(source.limit());
      return;
    }
    for (long at = offset; source.hasRemaining(); ) {
      long number = at / PIECE_BYTES;
      int within = (int) (at % PIECE_BYTES);
      int bytes = Math.min(PIECE_BYTES - within, source.remaining());
      byte[] before = piece(number);
      byte[] after = before.clone();
      source.get(after, within, bytes);
      pieces.put(number, after);
      // What is written again is written out again, even if a failed force had given it up.
      unforced.computeIfAbsent(number, absent -> new Unforced(before)).lost = false;
      at += bytes;
    }
  }

  private byte[] piece(long number) {
    return pieces.getOrDefault(number, ZEROS);
  }

  /** What was given up by a failed force stays so: the system took it for written. */
  void force() {
    unforced.values().removeIf(piece -> !piece.lost);
  }

  /**
   * As systems do it: what could not be written is not tried again, and the next force succeeds.
   */
  void failForce() {
    unforced.values().forEach(piece -> piece.lost = true);
  }

  /** The system needs the memory: what was given up is as the disk has it. */
  void forget() {
    unforced.forEach(
        (number, piece) -> {
          if (piece.lost) {
            pieces.put(number, piece.durable);
          }
        });
    unforced.values().removeIf(piece -> piece.lost);
  }

  ByteBuffer map(long offset, long bytes) {
    ByteBuffer mapped = memory;
    if (mapped == null) {
      mapped = ByteBuffer.allocateDirect((int) size);
      for (Map.Entry<Long, byte[]> piece : pieces.entrySet()) {
        int at = (int) (piece.getKey() * PIECE_BYTES);
        mapped.put(at, piece.getValue(), 0, (int) Math.min(PIECE_BYTES, size - at));
      }
      memory = mapped;
    }
    return mapped.slice((int) offset, (int) bytes);
  }

  /** The process that had it mapped is no more: what it goes on to write is not seen. */
  void unmap() {
    ByteBuffer mapped = memory;
    if (mapped != null) {
      memory = snapshot(mapped);
    }
  }

  /**
   * What was in {@code live} at one moment, though others write it: two copies that are the same
   * with a fence between them, for nothing that a queue puts there comes back as it was.
   */
  private ByteBuffer snapshot(ByteBuffer live) {
    ByteBuffer one = copy(live);
    for (int i = 0; i < COLLECTS; i++) {
      VarHandle.fullFence();
      ByteBuffer two = copy(live);
      if (one.equals(two)) {
        return two;
      }
      one = two;
    }
    throw new IllegalStateException(
        path
            + " is being written all the time: have the test's producers and workers rest before"
            + " the disk dies");
  }

  private static ByteBuffer copy(ByteBuffer live) {
    return ByteBuffer.allocateDirect(live.capacity()).put(live.duplicate().clear()).clear();
  }

  /** What the death of the machine leaves; returns whether the file is still there. */
  boolean die(DiskLuck luck) {
    if (!entryForced && !luck.survives(path, 0)) {
      return false;
    }
    entryForced = true;
    unforced.forEach(
        (number, piece) -> {
          if (piece.lost || !luck.survives(path, number * PIECE_BYTES)) {
            pieces.put(number, piece.durable);
          }
        });
    unforced.clear();
    ByteBuffer mapped = memory;
    if (mapped != null) {
      dieMapped(mapped, luck);
      memory = null;
    }
    return true;
  }

  /** The system writes mapped pages when it likes. */
  private void dieMapped(ByteBuffer mapped, DiskLuck luck) {
    for (long at = 0; at < size; at += PIECE_BYTES) {
      byte[] piece = new byte[PIECE_BYTES];
      mapped.get((int) at, piece, 0, (int) Math.min(PIECE_BYTES, size - at));
      boolean changed = !java.util.Arrays.equals(piece, piece(at / PIECE_BYTES));
      if (changed && luck.survives(path, at)) {
        pieces.put(at / PIECE_BYTES, piece);
      }
    }
  }
}
