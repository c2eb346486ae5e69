package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.Damage;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.internal.journal.FileStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of queues and the lock on it. Invariant 12: one process owns a directory. The lock
 * file is opened once and kept open, because closing any channel on a locked file drops the lock; a
 * set of the directories that are open in this process catches a second opening before it could
 * touch the file.
 */
final class Root {
  private static final String MARKER = "bobbin";
  private static final String LOCK = "lock";
  private static final String QUEUES = "queues";
  private static final String CONTENT = "Bobbin directory, format 2\n";
  private static final int MARKER_LIMIT = 256;
  private static final Set<Path> OPEN = new HashSet<>();

  private final Path directory;
  private final @Nullable FileChannel channel;
  private final @Nullable FileLock lock;

  private Root(Path directory, @Nullable FileChannel channel, @Nullable FileLock lock) {
    this.directory = directory;
    this.channel = channel;
    this.lock = lock;
  }

  /** Opens the directory, creating it if it is absent. */
  static Root open(Path path) {
    return open(path, true);
  }

  /** Opens a directory that is there and has the marker; creates neither. */
  static Root openExisting(Path path) {
    return open(path, false);
  }

  /**
   * Takes a directory to look after it, damaged as it may be: an earlier owner's queues are enough
   * to know it by.
   *
   * @param readOnly whether to change nothing: then the lock is shared with others who only read,
   *     and where there is no file to lock, nobody holds the directory, and none is created
   */
  static Root openToMaintain(Path path, boolean readOnly) {
    try {
      if (Files.notExists(path) || !Files.isDirectory(path.resolve(QUEUES))) {
        require(path);
      }
      Path directory = path.toRealPath();
      return hold(directory, () -> readOnly ? lockShared(directory) : lock(directory));
    } catch (IOException e) {
      throw cannotOpen(path, e);
    }
  }

  private static Root open(Path path, boolean create) {
    try {
      if (create) {
        FileStorage.createFolder(path);
      } else {
        require(path);
      }
      Path directory = path.toRealPath();
      refuseOthers(directory);
      return hold(
          directory,
          () -> {
            Root root = lock(directory);
            mark(directory);
            return root;
          });
    } catch (IOException e) {
      throw cannotOpen(path, e);
    }
  }

  private interface Locking {
    Root lock() throws IOException;
  }

  /** Invariant 12 within this process: asked before any channel is opened on the lock's file. */
  private static Root hold(Path directory, Locking locking) throws IOException {
    synchronized (OPEN) {
      if (!OPEN.add(directory)) {
        throw new DirectoryInUseException(
            directory + " is open in this process already: open it once and share the Bobbin",
            ProcessHandle.current().pid());
      }
    }
    boolean opened = false;
    try {
      Root root = locking.lock();
      opened = true;
      return root;
    } finally {
      if (!opened) {
        forget(directory);
      }
    }
  }

  private static BobbinException cannotOpen(Path path, IOException cause) {
    return new BobbinException(
        "cannot open "
            + path
            + ": "
            + cause
            + ". A directory that this user can create, read and write is expected",
        cause);
  }

  /** What cannot be looked at counts as there: opening it says why it cannot. */
  private static void require(Path path) {
    if (Files.notExists(path)) {
      throw new BobbinException(path + " does not exist: give the directory of a Bobbin");
    }
    if (Files.isRegularFile(path) || Files.notExists(path.resolve(MARKER))) {
      throw new BobbinException(
          path
              + " is not a directory of Bobbin: there is no file \""
              + MARKER
              + "\" in it; nothing was changed");
    }
  }

  /** A directory that holds something else is left alone. */
  private static void refuseOthers(Path directory) throws IOException {
    Path marker = directory.resolve(MARKER);
    if (Files.exists(marker)) {
      Optional<Damage> damage = markerDamage(marker);
      if (damage.isPresent()) {
        throw new BobbinException(
            marker
                + " is damaged: expected "
                + damage.get().expected()
                + ", found "
                + damage.get().found()
                + ". Nothing was changed. Restore the file from a backup, or run \"bobbin repair\","
                + " which writes it anew");
      }
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> others =
          files.filter(file -> !file.getFileName().toString().equals(LOCK)).limit(1).toList();
      if (!others.isEmpty()) {
        throw new BobbinException(
            directory
                + " holds files of another program ("
                + others.get(0).getFileName()
                + ") and no file \""
                + MARKER
                + "\": choose an empty or a new directory");
      }
    }
  }

  private static BobbinException otherVersion(Path marker, String content) {
    return new BobbinException(
        marker
            + " says \""
            + content.strip()
            + "\", expected \""
            + CONTENT.strip()
            + "\": this version of Bobbin cannot read the directory; use the version that wrote it");
  }

  private static Root lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return lock(directory, channel, false);
  }

  private static Root lockShared(Path directory) throws IOException {
    Path file = directory.resolve(LOCK);
    return Files.notExists(file)
        ? new Root(directory, null, null)
        : lock(directory, FileChannel.open(file, StandardOpenOption.READ), true);
  }

  /** Closes {@code channel} if the directory cannot be locked. */
  private static Root lock(Path directory, FileChannel channel, boolean shared) throws IOException {
    boolean locked = false;
    try {
      if (!shared) {
        restrict(directory.resolve(LOCK));
      }
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock == null) {
        throw inUse(directory, channel);
      }
      if (!shared) {
        writePid(channel);
      }
      locked = true;
      return new Root(directory, channel, lock);
    } catch (OverlappingFileLockException e) {
      throw new DirectoryInUseException(
          directory + " is open in this process already", ProcessHandle.current().pid());
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static void writePid(FileChannel channel) throws IOException {
    channel.truncate(0);
    byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    channel.write(ByteBuffer.wrap(pid), 0);
  }

  private static void restrict(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          file, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
  }

  /** Its owner takes the lock first and writes who it is then. */
  private static DirectoryInUseException inUse(Path directory, FileChannel channel)
      throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
    return text.matches("[1-9]\\d{0,17}")
        ? new DirectoryInUseException(
            directory + " is in use by process " + text, Long.parseLong(text))
        : new DirectoryInUseException(directory + " is in use by process (unknown)");
  }

  private static void mark(Path directory) throws IOException {
    Path marker = directory.resolve(MARKER);
    if (!Files.exists(marker) || Files.size(marker) == 0) {
      try (FileChannel file =
          FileChannel.open(marker, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        restrict(marker);
        file.write(ByteBuffer.wrap(CONTENT.getBytes(StandardCharsets.UTF_8)), 0);
        file.force(true);
      }
      FileStorage.forceFolder(directory);
    }
  }

  /**
   * What is wrong with the marker; an empty one is a crash between its creation and its first
   * write.
   *
   * @throws BobbinException if it names another version
   */
  Optional<Damage> markerDamage() throws IOException {
    return markerDamage(directory.resolve(MARKER));
  }

  private static Optional<Damage> markerDamage(Path marker) throws IOException {
    String expected = '"' + CONTENT.strip() + '"';
    if (Files.notExists(marker)) {
      return Optional.of(new Damage(marker, 0, expected, "no such file"));
    }
    long bytes = Files.size(marker);
    if (bytes > MARKER_LIMIT) {
      return Optional.of(new Damage(marker, 0, expected, bytes + " bytes"));
    }
    String content = Files.readString(marker, StandardCharsets.ISO_8859_1);
    if (content.equals(CONTENT) || content.isEmpty()) {
      return Optional.empty();
    }
    if (content.matches("Bobbin directory, format [1-9][0-9]*\n")) {
      throw otherVersion(marker, content);
    }
    boolean text = content.matches("\\p{Print}*\n?");
    String found = text ? '"' + content.strip() + '"' : bytes + " bytes that are no text";
    return Optional.of(new Damage(marker, 0, expected, found));
  }

  /** Writes a damaged marker anew. */
  void writeMarker() throws IOException {
    Files.deleteIfExists(directory.resolve(MARKER));
    mark(directory);
  }

  Path directory() {
    return directory;
  }

  Path existingQueueFolder(String name) {
    return directory.resolve(QUEUES).resolve(name);
  }

  Path queueFolder(String name) throws IOException {
    FileStorage.createFolder(directory.resolve(QUEUES));
    return directory.resolve(QUEUES).resolve(name);
  }

  /** The folders that hold a queue, in alphabetical order; one that is not begun yet does not. */
  List<String> queueNames() throws IOException {
    Path queues = directory.resolve(QUEUES);
    if (Files.notExists(queues)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(queues, Files::isDirectory)) {
      for (Path folder : folders) {
        if (QueueFiles.in(folder)) {
          names.add(String.valueOf(folder.getFileName()));
        }
      }
    }
    names.sort(null);
    return names;
  }

  void close() {
    try {
      if (lock != null) {
        lock.release();
      }
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new BobbinException("cannot release the lock on " + directory + ": " + e, e);
    } finally {
      forget(directory);
    }
  }

  private static void forget(Path directory) {
    synchronized (OPEN) {
      OPEN.remove(directory);
    }
  }
}
