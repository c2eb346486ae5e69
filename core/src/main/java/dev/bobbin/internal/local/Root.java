package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.StoredQueue;
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
  private static final Set<Path> OPEN = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;
  private final FileLock lock;

  private Root(Path directory, FileChannel channel, FileLock lock) {
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

  private static Root open(Path path, boolean create) {
    try {
      if (create) {
        FileStorage.createFolder(path);
      } else {
        require(path);
      }
      Path directory = path.toRealPath();
      refuseOthers(directory);
      synchronized (OPEN) {
        if (!OPEN.add(directory)) {
          throw new DirectoryInUseException(
              directory + " is open in this process already: open it once and share the Bobbin",
              ProcessHandle.current().pid());
        }
      }
      boolean opened = false;
      try {
        Root root = lock(directory);
        mark(directory);
        opened = true;
        return root;
      } finally {
        if (!opened) {
          forget(directory);
        }
      }
    } catch (IOException e) {
      throw new BobbinException(
          "cannot open "
              + path
              + ": "
              + e
              + ". A directory that this user can create, read and write is expected",
          e);
    }
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
      String content = Files.readString(marker, StandardCharsets.UTF_8);
      // An empty marker is a crash between its creation and its first write.
      if (!content.equals(CONTENT) && !content.isEmpty()) {
        throw new BobbinException(
            marker
                + " says \""
                + content.strip()
                + "\", expected \""
                + CONTENT.strip()
                + "\": this version of Bobbin cannot read the directory; use the version that wrote it");
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

  private static Root lock(Path directory) throws IOException {
    Path file = directory.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      restrict(file);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(directory, channel);
      }
      channel.truncate(0);
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(pid), 0);
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

  Optional<StoredQueue> storedQueue(String name) throws IOException {
    Path folder = directory.resolve(QUEUES).resolve(name);
    return QueueFiles.in(folder)
        ? Optional.of(QueueFiles.stored(new FileStorage(folder), name))
        : Optional.empty();
  }

  void close() {
    try {
      lock.release();
      channel.close();
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
