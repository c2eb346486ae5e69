package dev.bobbin.cli.dead;

import dev.bobbin.BobbinException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file of lines that appears under its name when it is whole and on the disk: whoever sees it may
 * purge what was exported. Only its owner can read it.
 */
final class NewFile implements AutoCloseable {
  private final Path target;
  private final boolean replace;
  private final Path unfinished;
  private final FileChannel channel;
  private final BufferedWriter writer;

  private NewFile(Path target, boolean replace, Path unfinished, FileChannel channel) {
    this.target = target;
    this.replace = replace;
    this.unfinished = unfinished;
    this.channel = channel;
    this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
  }

  /**
   * Looks whether {@code target} can be made, before any work is done for it.
   *
   * @throws BobbinException if it cannot
   */
  static void check(Path target, boolean replace) {
    boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (exists && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new BobbinException(target + " is there and no file: choose another name");
    }
    if (exists && !replace) {
      throw exists(target);
    }
  }

  /** Begins the file. */
  static NewFile create(Path target, boolean replace) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BobbinException("cannot write " + target + ": there is no folder " + folder);
    }
    // Opened as it is created: in a folder that others can write, its name may soon be another's.
    String name = target.getFileName() + "." + Long.toHexString(new SecureRandom().nextLong());
    Path unfinished = folder.resolve(name + ".unfinished");
    return new NewFile(
        target,
        replace,
        unfinished,
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            ownersAlone(unfinished)));
  }

  private static FileAttribute<?>[] ownersAlone(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
        }
        : new FileAttribute<?>[0];
  }

  void line(String text) {
    try {
      writer.write(text);
      writer.write('\n');
    } catch (IOException e) {
      throw new BobbinException("cannot write " + unfinished + ": " + e.getMessage(), e);
    }
  }

  /** Gives the file its name. */
  void finish() throws IOException {
    writer.flush();
    channel.force(true);
    if (replace) {
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      try {
        Files.move(unfinished, target);
      } catch (FileAlreadyExistsException e) {
        throw exists(target);
      }
    }
    // The name too must outlive the machine before anybody purges what is in the file.
    try (FileChannel folder =
        FileChannel.open(unfinished.resolveSibling("."), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static BobbinException exists(Path target) {
    return new BobbinException(target + " is there already: choose another name, or --force");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(unfinished);
  }
}
