package dev.bobbin.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@link Storage} in a folder of a real file system; {@link FileGuard} looks at each file first.
 */
public final class FileStorage implements Storage {
  private static final String UNFINISHED = ".tmp";

  /** Direct, so that no write copies it, and shared, so that a thousand queues have one. */
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

  private final Path folder;
  private final boolean readOnly;

  public FileStorage(Path folder) {
    this(folder, false);
  }

  private FileStorage(Path folder, boolean readOnly) {
    this.folder = folder;
    this.readOnly = readOnly;
  }

  /** A folder in which nothing is changed, not even a leftover deleted. */
  public static FileStorage readOnly(Path folder) {
    return new FileStorage(folder, true);
  }

  /**
   * Copies a file to a place where none is, readable by its owner only, and forces the copy; the
   * folder's entry is forced by {@link #forceFolder}.
   */
  public static void copy(Path from, Path to) throws IOException {
    try (FileChannel source = FileGuard.open(from, true, StandardOpenOption.READ);
        FileChannel target =
            FileGuard.open(to, false, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      long size = source.size();
      long at = 0;
      while (at < size) {
        long copied = source.transferTo(at, size - at, target);
        if (copied <= 0) {
          throw new IOException(from + " ends at " + at + ", expected " + size + " bytes");
        }
        at += copied;
      }
      target.force(true);
    }
  }

  /** Creates {@code folder} and its missing parents durably, all for their owner only. */
  public static void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolder(parent);
    }
    try {
      Files.createDirectory(folder, FileGuard.newFolder(folder));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (parent != null) {
      forceFolder(parent);
    }
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names = files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
    for (String name : names) {
      if (name.endsWith(UNFINISHED) && !readOnly) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
    return names.stream().filter(name -> !name.endsWith(UNFINISHED)).toList();
  }

  @Override
  public StoredFile open(String name) throws IOException {
    if (readOnly) {
      return new ChannelFile(name, channel(name, StandardOpenOption.READ), MapMode.READ_ONLY);
    }
    return new ChannelFile(
        name, channel(name, StandardOpenOption.READ, StandardOpenOption.WRITE), MapMode.READ_WRITE);
  }

  @Override
  public StoredFile create(String name, ByteBuffer head, long bytes) throws IOException {
    return create(name, head, bytes, true);
  }

  @Override
  public StoredFile createUnforced(String name, long bytes) throws IOException {
    return create(name, ByteBuffer.allocate(0), bytes, false);
  }

  private StoredFile create(String name, ByteBuffer head, long bytes, boolean forced)
      throws IOException {
    refuseIfReadOnly(name);
    try {
      String unfinished = name + UNFINISHED;
      Files.deleteIfExists(folder.resolve(unfinished));
      FileChannel channel =
          channel(
              unfinished,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW);
      try {
        ChannelFile file = new ChannelFile(name, channel, MapMode.READ_WRITE);
        fill(file, head, bytes);
        if (forced) {
          channel.force(true);
        }
        Files.move(
            folder.resolve(unfinished), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        if (forced) {
          forceFolder(folder);
        }
        return file;
      } catch (IOException e) {
        channel.close();
        Files.deleteIfExists(folder.resolve(unfinished));
        throw e;
      }
    } catch (IOException e) {
      // The message is the only place where the JDK tells a full disk from a broken one. Also where
      // the file is opened: a file system may have room left, and no place for another file.
      String message = String.valueOf(e.getMessage());
      if (message.contains("No space left") || message.contains("quota exceeded")) {
        throw new NoSpaceException(
            "no room for " + bytes + " bytes of " + folder.resolve(name) + ": free some space", e);
      }
      throw e;
    }
  }

  private static void fill(ChannelFile file, ByteBuffer head, long bytes) throws IOException {
    file.write(head.duplicate(), 0);
    ByteBuffer zeros = ZEROS.duplicate();
    for (long at = head.remaining(); at < bytes; at += zeros.capacity()) {
      file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at)), at);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    refuseIfReadOnly(name);
    Files.deleteIfExists(folder.resolve(name));
    forceFolder(folder);
  }

  private void refuseIfReadOnly(String name) {
    if (readOnly) {
      throw new IllegalStateException(folder.resolve(name) + " is only to be read");
    }
  }

  @Override
  public String describe(String name) {
    return folder.resolve(name).toString();
  }

  private FileChannel channel(String name, OpenOption... options) throws IOException {
    return FileGuard.open(folder.resolve(name), readOnly, options);
  }

  /** Makes creations, renames and deletions in {@code folder} durable, where the system can. */
  public static void forceFolder(Path folder) throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private record ChannelFile(String name, FileChannel channel, MapMode mode) implements StoredFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      long at = offset;
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          throw new IOException(
              "file "
                  + name
                  + " ends at "
                  + at
                  + ", expected "
                  + target.remaining()
                  + " bytes more");
        }
        at += read;
      }
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      long at = offset;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public ByteBuffer map(long offset, long bytes) throws IOException {
      return channel.map(mode, offset, bytes);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
