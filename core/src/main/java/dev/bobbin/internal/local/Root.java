package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.Damage;
import dev.bobbin.internal.journal.FileGuard;
import dev.bobbin.internal.journal.FileStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory of queues, held by this process alone ({@link DirectoryLock}). */
final class Root {
  private static final String MARKER = "bobbin";
  private static final String QUEUES = "queues";
  private static final String CONTENT = "Bobbin directory, format 2\n";
  private static final int MARKER_LIMIT = 256;

  private final Path directory;
  private final DirectoryLock lock;

  private Root(Path directory, DirectoryLock lock) {
    this.directory = directory;
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
      Path directory = directory(path, readOnly);
      return hold(
          directory,
          lock -> {
            if (readOnly) {
              lock.lockShared();
            } else {
              lock.lock();
            }
            lock.refuseOwned();
          });
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
      Path directory = directory(path, false);
      return hold(
          directory,
          lock -> {
            refuseOthers(directory);
            lock.lock();
            mark(directory);
            lock.lockMarker();
          });
    } catch (IOException e) {
      throw cannotOpen(path, e);
    }
  }

  /**
   * Where {@code path} leads: it may be a link, and lie behind others. From there on no link is
   * followed. The directory may be writable for others, as a volume of a container often is: what
   * lies in it is looked at for itself.
   */
  private static Path directory(Path path, boolean readOnly) throws IOException {
    Path directory = path.toRealPath();
    FileGuard.checkFolder(directory, readOnly);
    FileGuard.checkFolder(directory.resolve(QUEUES), readOnly);
    FileGuard.checkFile(directory.resolve(MARKER), readOnly);
    return directory;
  }

  private interface Locking {
    void lock(DirectoryLock lock) throws IOException;
  }

  private static Root hold(Path directory, Locking locking) throws IOException {
    DirectoryLock lock = DirectoryLock.claim(directory, directory.resolve(MARKER));
    boolean held = false;
    try {
      locking.lock(lock);
      held = true;
      return new Root(directory, lock);
    } finally {
      if (!held) {
        lock.close();
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
          files
              .filter(file -> !DirectoryLock.isName(file.getFileName().toString()))
              .limit(1)
              .toList();
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

  private static void mark(Path directory) throws IOException {
    Path marker = directory.resolve(MARKER);
    if (!Files.exists(marker) || Files.size(marker) == 0) {
      try (FileChannel file =
          FileGuard.open(marker, false, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
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
    String content = content(marker);
    if (content.equals(CONTENT) || content.isEmpty()) {
      return Optional.empty();
    }
    if (content.matches("Bobbin directory, format [1-9][0-9]*\n")) {
      throw otherVersion(marker, content);
    }
    boolean text = content.matches("\\p{Print}*\n?");
    String found =
        text ? '"' + content.strip() + '"' : content.length() + " bytes that are no text";
    return Optional.of(new Damage(marker, 0, expected, found));
  }

  /** The marker's text, or how long it is where it is too long for one. */
  private static String content(Path marker) throws IOException {
    try (FileChannel file = FileGuard.open(marker, true, StandardOpenOption.READ)) {
      if (file.size() > MARKER_LIMIT) {
        return file.size() + " bytes";
      }
      ByteBuffer bytes = ByteBuffer.allocate(MARKER_LIMIT);
      for (int at = 0; bytes.hasRemaining() && at >= 0; ) {
        at = file.read(bytes);
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }
  }

  /** Writes a damaged marker anew. */
  void writeMarker() throws IOException {
    Files.deleteIfExists(directory.resolve(MARKER));
    mark(directory);
  }

  Path directory() {
    return directory;
  }

  /** A queue's folder if it is there, and to be trusted. */
  Path existingQueueFolder(String name, boolean readOnly) throws IOException {
    Path queues = directory.resolve(QUEUES);
    FileGuard.checkFolder(queues, readOnly);
    Path folder = queues.resolve(QueueNames.check(name));
    FileGuard.checkFolder(folder, readOnly);
    return folder;
  }

  /** Creates a queue's folder if it is not there. */
  Path createQueueFolder(String name) throws IOException {
    FileStorage.createFolder(directory.resolve(QUEUES).resolve(QueueNames.check(name)));
    return existingQueueFolder(name, false);
  }

  /**
   * The folders that hold a queue, in alphabetical order; one that is not begun yet does not, nor
   * does one whose name no queue can have.
   */
  List<String> queueNames() throws IOException {
    Path queues = directory.resolve(QUEUES);
    if (Files.notExists(queues)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(queues, Files::isDirectory)) {
      for (Path folder : folders) {
        String name = String.valueOf(folder.getFileName());
        if (QueueNames.isName(name) && QueueFiles.in(folder)) {
          names.add(name);
        }
      }
    }
    names.sort(null);
    return names;
  }

  void close() {
    lock.close();
  }
}
