package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.internal.journal.FileGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The hold on a directory. Invariant 12: one process owns it.
 *
 * <p>Two files are locked. The lock file says who the owner is, and whoever thinks that it was left
 * behind may delete it; then the next process would lock another file of the same name. So the
 * owner locks the marker too, without which a directory is not opened.
 *
 * <p>A process loses its lock on a file when it closes any channel on it. So each file is opened
 * once and kept open, and a second opening in this process is caught before it touches a file: by
 * the directory's path, and by the files themselves, which keep their identity when the directory
 * is moved or reached by another way.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final int PID_BYTES = 20;

  /** The byte of the marker that its owner locks: far behind its text, which stays readable. */
  private static final long MARKER_BYTE = 1L << 30;

  /** What this process holds: paths of directories, and keys of the files in them. */
  private static final Set<Object> HELD = new HashSet<>();

  private final Path directory;
  private final Path marker;
  private final List<FileChannel> channels = new ArrayList<>();

  /** What it has added to {@link #HELD}. Guarded by that. */
  private final Set<Object> held = new HashSet<>();

  private DirectoryLock(Path directory, Path marker) {
    this.directory = directory;
    this.marker = marker;
  }

  /** Whether a file of this name is part of the hold, and none of a user's. */
  static boolean isName(String file) {
    return file.equals(LOCK);
  }

  /**
   * Takes the directory within this process; nothing was opened yet.
   *
   * @throws DirectoryInUseException if this process holds it
   */
  static DirectoryLock claim(Path directory, Path marker) throws IOException {
    DirectoryLock claimed = new DirectoryLock(directory, marker);
    Object lockKey = key(directory.resolve(LOCK));
    Object markerKey = key(marker);
    synchronized (HELD) {
      if (HELD.contains(directory) || HELD.contains(lockKey) || HELD.contains(markerKey)) {
        throw new DirectoryInUseException(
            directory + " is open in this process already: open it once and share the Bobbin",
            ProcessHandle.current().pid());
      }
      claimed.held.addAll(List.of(directory, lockKey, markerKey));
      HELD.addAll(claimed.held);
    }
    return claimed;
  }

  /** What stays the same when a file is moved; itself where there is no file or no such thing. */
  private static Object key(Path file) throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file : key;
    } catch (NoSuchFileException e) {
      return file;
    }
  }

  /** Locks out all other processes, and writes who it is. */
  void lock() throws IOException {
    FileChannel channel =
        open(
            directory.resolve(LOCK),
            false,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (!tryLock(channel, 0, Long.MAX_VALUE, false)) {
      throw inUse(channel);
    }
    writePid(channel);
  }

  /**
   * Locks out those who write; where there is no file to lock, none is created: then only the
   * marker tells of an owner.
   */
  void lockShared() throws IOException {
    Path file = directory.resolve(LOCK);
    if (Files.exists(file)) {
      FileChannel channel = open(file, true, StandardOpenOption.READ);
      if (!tryLock(channel, 0, Long.MAX_VALUE, true)) {
        throw inUse(channel);
      }
    }
  }

  /** Locks the marker, which is there, for as long as the directory is held. */
  void lockMarker() throws IOException {
    if (!tryLock(
        open(marker, false, StandardOpenOption.READ, StandardOpenOption.WRITE),
        MARKER_BYTE,
        1,
        false)) {
      throw ownedWithoutLock();
    }
  }

  /** Refuses a directory whose marker an owner has locked; for those who do not keep it. */
  void refuseOwned() throws IOException {
    if (Files.isRegularFile(marker)) {
      try (FileChannel channel = FileGuard.open(marker, true, StandardOpenOption.READ)) {
        if (!tryLock(channel, MARKER_BYTE, 1, true)) {
          throw ownedWithoutLock();
        }
      }
    }
  }

  private FileChannel open(Path file, boolean readOnly, OpenOption... options) throws IOException {
    FileChannel channel = FileGuard.open(file, readOnly, options);
    channels.add(channel);
    Object key = key(file);
    synchronized (HELD) {
      if (HELD.add(key)) {
        held.add(key);
      }
    }
    return channel;
  }

  private static boolean tryLock(FileChannel channel, long at, long bytes, boolean shared)
      throws IOException {
    try {
      return channel.tryLock(at, bytes, shared) != null;
    } catch (OverlappingFileLockException e) {
      // Another class loader's Bobbin, which has a set of its own.
      return false;
    }
  }

  private static void writePid(FileChannel channel) throws IOException {
    // In place and always as long: a file that were cut first would need new room on a full disk.
    byte[] pid =
        String.format("%-" + PID_BYTES + "d", ProcessHandle.current().pid())
            .getBytes(StandardCharsets.US_ASCII);
    channel.write(ByteBuffer.wrap(pid), 0);
  }

  /** Its owner takes the lock first and writes who it is then. */
  private DirectoryInUseException inUse(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(PID_BYTES);
    channel.read(pid, 0);
    String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
    return text.matches("[1-9]\\d{0,17}")
        ? new DirectoryInUseException(
            directory + " is in use by process " + text, Long.parseLong(text))
        : new DirectoryInUseException(directory + " is in use by process (unknown)");
  }

  private DirectoryInUseException ownedWithoutLock() {
    return new DirectoryInUseException(
        directory
            + " is in use by process (unknown): its file \""
            + LOCK
            + "\" was deleted or replaced, but its owner runs; stop that process");
  }

  /** Lets the directory go, however much of it was taken. */
  @Override
  public void close() {
    try {
      for (FileChannel channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw new BobbinException("cannot release the lock on " + directory + ": " + e, e);
    } finally {
      synchronized (HELD) {
        HELD.removeAll(held);
        held.clear();
      }
    }
  }
}
