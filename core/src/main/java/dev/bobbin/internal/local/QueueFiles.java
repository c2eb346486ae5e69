package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.journal.Storage.StoredFile;
import dev.bobbin.internal.ring.FinishedLog;
import dev.bobbin.internal.ring.InHand;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;
import java.util.zip.CRC32C;

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
  private static final String NAME = "queue";
  private static final long MAGIC = 0x5545_5551_4E49_4242L;
  private static final int VERSION = 1;
  private static final int FILE_BYTES = 4096;
  private static final int USED_BYTES = 40;

  /**
   * Who the queue is.
   *
   * @param id part of every job's id
   * @param seed goes into every checksum and is shown to nobody, so that no payload can be made to
   *     look like a frame
   */
  private record Identity(long id, long seed) {}

  /** Opens the files, creating them if the folder is empty. */
  static QueueFiles open(Storage storage, QueueOptions options) throws IOException {
    List<String> names = storage.list();
    boolean created = !names.contains(NAME);
    if (created && names.stream().anyMatch(name -> name.endsWith(".segment"))) {
      throw new BobbinException(
          storage.describe(NAME) + " is missing beside a journal: restore it from a backup");
    }
    Identity identity;
    if (created) {
      SecureRandom random = new SecureRandom();
      identity = new Identity(random.nextLong(), random.nextLong());
      storage.create(NAME, describe(identity, options), FILE_BYTES).close();
    } else {
      identity = check(storage, options);
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

  private static ByteBuffer describe(Identity identity, QueueOptions options) {
    ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, MAGIC).putInt(8, VERSION).putLong(16, identity.id);
    bytes.putInt(24, options.ringBytes()).putInt(28, options.segmentBytes());
    bytes.putLong(32, identity.seed);
    return bytes.putInt(12, checksum(bytes));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(16).limit(USED_BYTES));
    return (int) crc.getValue();
  }

  private static Identity check(Storage storage, QueueOptions options) throws IOException {
    String where = storage.describe(NAME);
    ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (StoredFile file = storage.open(NAME)) {
      if (file.size() < USED_BYTES) {
        throw new BobbinException(
            where
                + " has "
                + file.size()
                + " bytes, expected "
                + FILE_BYTES
                + ": restore it from a backup");
      }
      file.read(bytes, 0);
    }
    if (bytes.getLong(0) != MAGIC) {
      throw new BobbinException(where + " is not a Bobbin queue: choose another directory");
    }
    if (bytes.getInt(8) != VERSION) {
      throw new BobbinException(
          where + " is of format " + bytes.getInt(8) + ", this version reads format " + VERSION);
    }
    if (bytes.getInt(12) != checksum(bytes)) {
      throw new BobbinException(where + " is damaged (checksum): restore it from a backup");
    }
    same(where, "QueueOptions.ringBytes", bytes.getInt(24), options.ringBytes());
    same(where, "QueueOptions.segmentBytes", bytes.getInt(28), options.segmentBytes());
    return new Identity(bytes.getLong(16), bytes.getLong(32));
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
