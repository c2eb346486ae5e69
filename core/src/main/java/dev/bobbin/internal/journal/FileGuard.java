package dev.bobbin.internal.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Which files and folders inside a directory of Bobbin are opened, and with which permissions new
 * ones begin.
 *
 * <p>A folder must be a folder and a file a regular file, not a symbolic link; and both must belong
 * to the user of this process, or to root, who needs no trick to change them. Otherwise whoever can
 * write in the directory could have jobs read from, or written to, a place of his choice. What is
 * only read may belong to anybody when this process is root's: then an administrator looks at it.
 *
 * <p>New files are 0600 and new folders 0700 from the moment they exist, whatever the umask.
 *
 * <p>The look comes before the opening: a link that appears in between is not followed either, but
 * another kind of swap in between goes unseen. Only those who may write in the folder can do that;
 * in folders that Bobbin made these are its own user and root.
 */
public final class FileGuard {
  private static final Set<PosixFilePermission> OWNER_FILE =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private FileGuard() {}

  /** What makes a new file its owner's only; nothing where the file system has no permissions. */
  public static FileAttribute<?>[] newFile(Path path) {
    return attributes(path, OWNER_FILE);
  }

  /** What makes a new folder its owner's only; nothing where the file system has none. */
  public static FileAttribute<?>[] newFolder(Path path) {
    return attributes(path, OWNER_FOLDER);
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  /**
   * Opens a file, or creates it if the options say so.
   *
   * @param readOnly whether it is opened to be read only
   * @throws UntrustedFileException if what is there is not to be opened
   */
  public static FileChannel open(Path file, boolean readOnly, OpenOption... options)
      throws IOException {
    checkFile(file, readOnly);
    Set<OpenOption> all = new HashSet<>(Set.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    try {
      return FileChannel.open(file, all, newFile(file));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      // A link that came after the look.
      checkFile(file, readOnly);
      throw e;
    }
  }

  /**
   * Looks at a file; one that is not there is good.
   *
   * @throws UntrustedFileException if what is there is not to be opened
   */
  public static void checkFile(Path file, boolean readOnly) throws IOException {
    check(file, false, readOnly);
  }

  /**
   * Looks at a folder; one that is not there is good.
   *
   * @throws UntrustedFileException if what is there is not to be opened
   */
  public static void checkFolder(Path folder, boolean readOnly) throws IOException {
    check(folder, true, readOnly);
  }

  private static void check(Path path, boolean folder, boolean readOnly) throws IOException {
    String expected = folder ? "a folder" : "a file";
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (attributes.isSymbolicLink()) {
      throw new UntrustedFileException(
          path,
          expected,
          "a symbolic link to " + Files.readSymbolicLink(path),
          "Inside its directory Bobbin follows no links; the directory itself may be one. Move what"
              + " it leads to here");
    }
    if (folder ? !attributes.isDirectory() : !attributes.isRegularFile()) {
      throw new UntrustedFileException(
          path, expected, kind(attributes), "Something else made it: move it away");
    }
    checkOwner(path, expected, readOnly);
  }

  private static String kind(BasicFileAttributes attributes) {
    return attributes.isDirectory()
        ? "a folder"
        : attributes.isRegularFile() ? "a file" : "a pipe, a socket or a device";
  }

  private static void checkOwner(Path path, String expected, boolean readOnly) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    long owner = uid(path);
    long self = ProcessUser.uid();
    if (!mayUse(owner, self, readOnly)) {
      String name = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
      throw new UntrustedFileException(
          path,
          expected + " of the user who runs this (" + self + ") or of root",
          "one of user " + owner + (name.equals(Long.toString(owner)) ? "" : " (" + name + ")"),
          "Run this as that user, give the whole directory to this one with chown -R, or choose"
              + " another directory");
    }
  }

  static long uid(Path path) throws IOException {
    Object uid = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    // A user's number has 32 bits and no sign.
    return ((Number) uid).longValue() & 0xFFFF_FFFFL;
  }

  /**
   * Whether a process of user {@code self} may use what belongs to {@code owner}.
   *
   * @param self {@link ProcessUser#UNKNOWN} lets everything through: the permissions decide then
   */
  static boolean mayUse(long owner, long self, boolean readOnly) {
    return owner == self
        || owner == ProcessUser.ROOT
        || self == ProcessUser.UNKNOWN
        || (self == ProcessUser.ROOT && readOnly);
  }
}
