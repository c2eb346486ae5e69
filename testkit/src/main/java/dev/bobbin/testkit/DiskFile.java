package dev.bobbin.testkit;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One file of a {@link TestDisk}: what was written, and what of it the disk would have lost.
 * Guarded by the disk's monitor, but for what is mapped, which its owner writes as it likes.
 */
final class DiskFile {
  static final int PIECE_BYTES = 512;
  private static final int COLLECTS = 1000;
  private static final int MOST_OLDER = 3;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];
  private static final byte[][] NONE = {};

  private final String path;
  private long size;

  /**
   * What was written, null where nothing is; without what was mapped since {@link #absorb}. A piece
   * is never changed, so that copies of the file can share it.
   */
  private @Nullable byte[][] pieces;

  private final TreeMap<Integer, Unforced> unforced;

  /** The mapped file's content. */
  private @Nullable ByteBuffer memory;

  /** Whether its name would outlive the machine. */
  private boolean entryForced;

  /** Whether its length would. */
  private boolean lengthForced;

  /**
   * A piece that was written.
   *
   * @param durable what the disk has for sure
   * @param older what was written in between, oldest first, as far as it is kept: any of it may
   *     have reached the disk
   * @param lost whether a failed force gave it up
   */
  private record Unforced(byte[] durable, byte[][] older, boolean lost) {
    Unforced then(byte[] before) {
      if (lost) {
        // What is written again is written out again, even if a failed force had given it up.
        return new Unforced(durable, NONE, false);
      }
      int from = older.length == MOST_OLDER ? 1 : 0;
      byte[][] more = Arrays.copyOfRange(older, from, older.length + 1);
      more[more.length - 1] = before;
      return new Unforced(durable, more, false);
    }

    Unforced givenUp() {
      return new Unforced(durable, NONE, true);
    }
  }

  DiskFile(String path, long size) {
    this.path = path;
    this.size = size;
    this.pieces = new byte[(int) ((size + PIECE_BYTES - 1) / PIECE_BYTES)][];
    this.unforced = new TreeMap<>();
  }

  /** A file with the same content that nobody has mapped. */
  private DiskFile(DiskFile original) {
    path = original.path;
    size = original.size;
    pieces = original.pieces.clone();
    unforced = new TreeMap<>(original.unforced);
    entryForced = original.entryForced;
    lengthForced = original.lengthForced;
  }

  DiskFile copy() {
    absorb();
    return new DiskFile(this);
  }

  long size() {
    return size;
  }

  void entryForced() {
    entryForced = true;
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
      target.put(piece((int) (at / PIECE_BYTES)), within, bytes);
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
      int number = (int) (at / PIECE_BYTES);
      int within = (int) (at % PIECE_BYTES);
      int bytes = Math.min(PIECE_BYTES - within, source.remaining());
      byte[] after = piece(number).clone();
      source.get(after, within, bytes);
      write(number, after);
      at += bytes;
    }
  }

  private void write(int number, byte[] after) {
    byte[] before = piece(number);
    Unforced earlier = unforced.get(number);
    unforced.put(
        number, earlier == null ? new Unforced(before, NONE, false) : earlier.then(before));
    pieces[number] = after;
  }

  private byte[] piece(int number) {
    byte[] piece = pieces[number];
    return piece == null ? ZEROS : piece;
  }

  /** What was given up by a failed force stays so: the system took it for written. */
  void force() {
    absorb();
    lengthForced = true;
    unforced.values().removeIf(piece -> !piece.lost);
  }

  /**
   * As systems do it: what could not be written is not tried again, and the next force succeeds.
   */
  void failForce() {
    unforced.replaceAll((number, piece) -> piece.givenUp());
  }

  /** The system needs the memory: what was given up is as the disk has it. */
  void forget() {
    unforced.forEach(
        (number, piece) -> {
          if (piece.lost) {
            pieces[number] = piece.durable;
          }
        });
    unforced.values().removeIf(piece -> piece.lost);
  }

  ByteBuffer map(long offset, long bytes) {
    ByteBuffer mapped = memory;
    if (mapped == null) {
      mapped = ByteBuffer.allocateDirect((int) size);
      for (int number = 0; number < pieces.length; number++) {
        byte[] piece = pieces[number];
        if (piece != null) {
          mapped.put(number * PIECE_BYTES, piece, 0, bytesOf(number));
        }
      }
      memory = mapped;
    }
    return mapped.slice((int) offset, (int) bytes);
  }

  private int bytesOf(int number) {
    return (int) Math.min(PIECE_BYTES, size - (long) number * PIECE_BYTES);
  }

  /** The process that had it mapped is no more: what it goes on to write is not seen. */
  void unmap() {
    absorb();
    memory = null;
  }

  /** What is mapped now counts as written. The system may write each version of a page, or none. */
  private void absorb() {
    ByteBuffer mapped = memory;
    if (mapped == null) {
      return;
    }
    byte[] content = snapshot(mapped);
    for (int number = 0; number < pieces.length; number++) {
      int at = number * PIECE_BYTES;
      int bytes = bytesOf(number);
      if (!Arrays.equals(content, at, at + bytes, piece(number), 0, bytes)) {
        byte[] after = new byte[PIECE_BYTES];
        System.arraycopy(content, at, after, 0, bytes);
        write(number, after);
      }
    }
  }

  /**
   * What was in {@code live} at one moment, though others write it: two copies that are the same
   * with a fence between them, for nothing that a queue puts there comes back as it was.
   */
  private byte[] snapshot(ByteBuffer live) {
    byte[] one = copy(live);
    for (int i = 0; i < COLLECTS; i++) {
      VarHandle.fullFence();
      byte[] two = copy(live);
      if (Arrays.equals(one, two)) {
        return two;
      }
      one = two;
    }
    throw new IllegalStateException(
        path
            + " is being written all the time: have the test's producers and workers rest before"
            + " the disk dies or is copied");
  }

  private static byte[] copy(ByteBuffer live) {
    byte[] bytes = new byte[live.capacity()];
    live.get(0, bytes);
    return bytes;
  }

  /**
   * What the death of the machine leaves; returns whether the file is still there. It is not
   * mapped.
   */
  boolean die(DiskLuck luck) {
    if (!entryForced && !luck.survives(path, 0)) {
      return false;
    }
    entryForced = true;
    unforced.forEach(
        (number, piece) -> pieces[number] = left(piece, (long) number * PIECE_BYTES, luck));
    unforced.clear();
    if (!lengthForced) {
      cut(luck.length(path, size));
      lengthForced = true;
    }
    return true;
  }

  private byte[] left(Unforced piece, long offset, DiskLuck luck) {
    int older = piece.older.length;
    int version = piece.lost ? 0 : luck.version(path, offset, older + 1);
    if (version == 0) {
      return piece.durable;
    }
    return version <= older ? piece.older[version - 1] : piece((int) (offset / PIECE_BYTES));
  }

  private void cut(long length) {
    if (length < 0 || length > size) {
      throw new IllegalArgumentException(path + " has 0 to " + size + " bytes, not " + length);
    }
    if (length < size) {
      size = length;
      pieces = Arrays.copyOf(pieces, (int) ((size + PIECE_BYTES - 1) / PIECE_BYTES));
    }
  }
}
