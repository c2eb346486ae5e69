package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.CorruptionException;
import dev.bobbin.QueueOptions;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.inspect.QueueFolder;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.journal.Storage.StoredFile;
import dev.bobbin.internal.ring.FinishedLog;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.InHand;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of one queue besides its journal's segments: {@code queue}, which says what it is, and
 * the ring.
 *
 * <pre>
 *   queue:  0       8        12      16   24          28             32     40
 *           | magic | version| check | id | ring size | segment size | seed |      check: CRC32C of bytes 16 to 40
 * </pre>
 */
record QueueFiles(long id, long seed, boolean created, boolean newRing, RingFile.Parts parts) {
  static final String NAME = "queue";
  private static final String SEGMENT = ".segment";
  private static final long MAGIC = 0x5545_5551_4E49_4242L;
  private static final int VERSION = 2;
  private static final int FILE_BYTES = 4096;
  private static final int USED_BYTES = 40;

  /**
   * Who the queue is.
   *
   * @param id part of every job's id
   * @param seed goes into every checksum and is shown to nobody, so that no payload can be made to
   *     look like a frame
   */
  private record Identity(long id, long seed, int ringBytes, int segmentBytes) {}

  /** Whether {@code folder} holds a queue, damaged perhaps; looks at names only. */
  static boolean in(Path folder) throws IOException {
    if (Files.exists(folder.resolve(NAME))) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*" + SEGMENT)) {
      return segments.iterator().hasNext();
    }
  }

  /** The sizes of the queue in {@code storage}; changes nothing. */
  static StoredQueue stored(Storage storage, String name) throws IOException {
    Identity found = read(storage);
    return new StoredQueue(name, found.ringBytes, found.segmentBytes);
  }

  /**
   * What a tool needs to read the queue's files; changes nothing.
   *
   * @throws BobbinException if the file that says it is damaged, missing or of another version
   */
  static QueueFolder folder(Storage storage, Path path, String name) throws IOException {
    Identity found = read(storage);
    StoredQueue stored = new StoredQueue(name, found.ringBytes, found.segmentBytes);
    try {
      stored.options();
    } catch (IllegalArgumentException e) {
      throw new CorruptionException(
          storage.describe(NAME)
              + " is damaged: it names sizes that no queue has ("
              + e.getMessage()
              + "): restore it from a backup",
          e);
    }
    int largest = Frame.HEADER_BYTES + stored.maxPayloadBytes() + Frame.MAX_NOTE_BYTES;
    return new QueueFolder(
        name, path, found.seed, found.ringBytes, found.segmentBytes, Frame.aligned(largest));
  }

  /** Opens the files, creating them if the folder is empty. */
  static QueueFiles open(Storage storage, QueueOptions options) throws IOException {
    List<String> names = storage.list();
    boolean created = !names.contains(NAME);
    if (created && names.stream().anyMatch(name -> name.endsWith(SEGMENT))) {
      throw missing(storage, null);
    }
    Identity identity;
    if (created) {
      SecureRandom random = new SecureRandom();
      identity =
          new Identity(
              random.nextLong(), random.nextLong(), options.ringBytes(), options.segmentBytes());
      storage.create(NAME, describe(identity), FILE_BYTES).close();
    } else {
      identity = read(storage);
      String where = storage.describe(NAME);
      same(where, "QueueOptions.ringBytes", identity.ringBytes, options.ringBytes());
      same(where, "QueueOptions.segmentBytes", identity.segmentBytes, options.segmentBytes());
    }
    int ringBytes = options.ringBytes();
    boolean newRing = !hasRing(storage, names, ringBytes);
    try (StoredFile ring =
        newRing ? newRing(storage, names, ringBytes) : storage.open(RingFile.NAME)) {
      RingFile.Parts parts =
          new RingFile.Parts(
              ring.map(RingFile.MARK_AT, RingFile.IN_HAND_AT),
              ring.map(RingFile.IN_HAND_AT, InHand.bytes(ringBytes)),
              ring.map(RingFile.logAt(ringBytes), FinishedLog.bytes(ringBytes)),
              ring.map(RingFile.ringAt(ringBytes), ringBytes));
      return new QueueFiles(identity.id, identity.seed, created, newRing, parts);
    }
  }

  /**
   * A ring that is missing or was cut holds nothing that could be mapped; the journal has all that
   * was flushed.
   */
  private static boolean hasRing(Storage storage, List<String> names, int ringBytes)
      throws IOException {
    if (!names.contains(RingFile.NAME)) {
      return false;
    }
    try (StoredFile ring = storage.open(RingFile.NAME)) {
      return ring.size() == RingFile.bytes(ringBytes);
    }
  }

  private static StoredFile newRing(Storage storage, List<String> names, int ringBytes)
      throws IOException {
    if (names.contains(RingFile.NAME)) {
      storage.delete(RingFile.NAME);
    }
    return storage.createUnforced(RingFile.NAME, RingFile.bytes(ringBytes));
  }

  /**
   * Deletes what an opening has left in a folder that was empty before it failed for {@code cause}.
   * The file that says that there is a queue goes last: a journal without it would be damage.
   */
  static void undo(Storage storage, Exception cause) {
    try {
      List<String> names = storage.list();
      for (String name : names) {
        if (!name.equals(NAME)) {
          storage.delete(name);
        }
      }
      if (names.contains(NAME)) {
        storage.delete(NAME);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static ByteBuffer describe(Identity identity) {
    ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, MAGIC).putInt(8, VERSION).putLong(16, identity.id);
    bytes.putInt(24, identity.ringBytes).putInt(28, identity.segmentBytes);
    bytes.putLong(32, identity.seed);
    return bytes.putInt(12, checksum(bytes));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(16).limit(USED_BYTES));
    return (int) crc.getValue();
  }

  private static CorruptionException missing(Storage storage, @Nullable Throwable cause) {
    return new CorruptionException(
        storage.describe(NAME) + " is missing beside a journal: restore it from a backup", cause);
  }

  private static Identity read(Storage storage) throws IOException {
    String where = storage.describe(NAME);
    ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (StoredFile file = storage.open(NAME)) {
      if (file.size() < USED_BYTES) {
        throw new CorruptionException(
            where
                + " has "
                + file.size()
                + " bytes, expected "
                + FILE_BYTES
                + ": restore it from a backup",
            null);
      }
      file.read(bytes, 0);
    } catch (NoSuchFileException e) {
      throw missing(storage, e);
    }
    if (bytes.getLong(0) != MAGIC) {
      throw new CorruptionException(
          where + " does not begin as the file of a queue: restore it from a backup", null);
    }
    if (bytes.getInt(8) != VERSION) {
      throw new BobbinException(
          where
              + " is of format "
              + bytes.getInt(8)
              + ", this version reads format "
              + VERSION
              + ": use the version that wrote it, or restore the file from a backup if none did");
    }
    if (bytes.getInt(12) != checksum(bytes)) {
      throw new CorruptionException(
          where + " is damaged (checksum): restore it from a backup", null);
    }
    return new Identity(bytes.getLong(16), bytes.getLong(32), bytes.getInt(24), bytes.getInt(28));
  }

  private static void same(String where, String option, int found, int asked) {
    if (found != asked) {
      throw new IllegalArgumentException(
          option
              + " is "
              + asked
              + ", but the queue was created with "
              + found
              + " ("
              + where
              + ")");
    }
  }
}
