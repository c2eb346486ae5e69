package dev.bobbin.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One queue's folder. Every call but {@link StoredFile#map} is made by the thread that owns the
 * journal.
 */
public interface Storage {
  /**
   * Names of the files in the folder, sorted; leftovers of unfinished creations are deleted first.
   */
  List<String> list() throws IOException;

  /** Opens a file that is there. */
  StoredFile open(String name) throws IOException;

  /**
   * Creates a file whole: {@code head} followed by zeros, forced, under its name only when that is
   * done. Either the whole file is there after a crash, or none.
   *
   * @throws NoSpaceException if the disk has no room for it; nothing is left behind
   */
  StoredFile create(String name, ByteBuffer head, long bytes) throws IOException;

  /**
   * As {@link #create}, for a file whose content nobody needs after the death of the machine: it is
   * written in full but not forced.
   */
  default StoredFile createUnforced(String name, long bytes) throws IOException {
    return create(name, ByteBuffer.allocate(0), bytes);
  }

  /** Deletes a file, durably. */
  void delete(String name) throws IOException;

  /** Where the folder is, for messages. */
  String describe(String name);

  /** An open file. */
  interface StoredFile extends Closeable {
    String name();

    long size() throws IOException;

    /** Fills {@code target} from {@code offset} on; the file's end before that is an error. */
    void read(ByteBuffer target, long offset) throws IOException;

    /** Writes all of {@code source} at {@code offset}. */
    void write(ByteBuffer source, long offset) throws IOException;

    /** Returns when everything written before is on the disk. */
    void force() throws IOException;

    /** Maps a part of the file, readable and, unless the storage is not, writable. */
    ByteBuffer map(long offset, long bytes) throws IOException;
  }

  /** The disk is full. Nothing was changed. */
  final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1;

    public NoSpaceException(String message, @Nullable IOException cause) {
      super(message, cause);
    }
  }
}
