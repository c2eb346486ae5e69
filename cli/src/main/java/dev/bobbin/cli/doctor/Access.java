package dev.bobbin.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may do what: permissions, owners and links. */
final class Access {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Site site;
  private final List<Path> open = new ArrayList<>();
  private final List<Path> locked = new ArrayList<>();
  private final List<Path> writable = new ArrayList<>();
  private final List<Path> foreign = new ArrayList<>();
  private final UserPrincipal owner;

  private Access(Site site) throws IOException {
    this.site = site;
    this.owner = ownerOf(site);
  }

  /**
   * Whose directory it is. It may be root's itself, as a volume that was mounted there often is;
   * then the program's user is who made the marker.
   */
  private static UserPrincipal ownerOf(Site site) throws IOException {
    UserPrincipal owner = Files.getOwner(site.root(), LinkOption.NOFOLLOW_LINKS);
    return isRoots(owner) && Files.exists(site.marker(), LinkOption.NOFOLLOW_LINKS)
        ? Files.getOwner(site.marker(), LinkOption.NOFOLLOW_LINKS)
        : owner;
  }

  static List<Finding> look(Site site) throws IOException {
    if (!Files.getFileStore(site.root()).supportsFileAttributeView("posix")) {
      return List.of(
          Finding.warn(
              "permissions",
              "this file system has none",
              "whoever can reach it can read the jobs: use one that has"),
          links(site));
    }
    Access access = new Access(site);
    for (Path path : site.paths()) {
      access.look(path);
    }
    return List.of(access.permissions(), access.owners(), links(site));
  }

  private void look(Path path) throws IOException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // Its owner has just removed it.
      return;
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      open.add(path);
    }
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      writable.add(path);
    }
    boolean folder = attributes.isDirectory();
    if (!permissions.contains(PosixFilePermission.OWNER_READ)
        || !permissions.contains(PosixFilePermission.OWNER_WRITE)
        || (folder && !permissions.contains(PosixFilePermission.OWNER_EXECUTE))) {
      locked.add(path);
    }
    if (!attributes.owner().equals(owner) && !isRoots(attributes.owner())) {
      foreign.add(path);
    }
  }

  private static boolean isRoots(UserPrincipal user) {
    return user.getName().equals("root") || user.getName().equals("0");
  }

  private Finding permissions() {
    if (!site.unreadable().isEmpty()) {
      return Finding.fail(
          "permissions",
          "this user cannot read " + site.name(site.unreadable()),
          "run as the directory's owner, " + owner + ", or give it to this user with chown -R");
    }
    if (!locked.isEmpty()) {
      return Finding.fail(
          "permissions",
          "the owner cannot read and write " + site.name(locked),
          "chmod -R u+rwX " + site.root());
    }
    if (!writable.isEmpty()) {
      return Finding.warn(
          "permissions",
          "others than the owner can write " + site.name(writable),
          "they can delete and change jobs, which no checksum keeps them from: chmod -R go-rwx "
              + site.root());
    }
    if (!open.isEmpty()) {
      return Finding.warn(
          "permissions",
          "others than the owner can use " + site.name(open),
          "folders should have 0700 and files 0600, since jobs can be read from them: chmod -R "
              + "go-rwx "
              + site.root());
    }
    return Finding.ok("permissions", "only the owner can use it");
  }

  private Finding owners() throws IOException {
    String name = String.valueOf(owner);
    UserPrincipal user = user();
    if (!foreign.isEmpty()) {
      return Finding.fail(
              "owner",
              "the directory is " + name + "'s, but not " + site.name(foreign),
              "the program cannot open what is not its own: chown -R " + name + " " + site.root())
          .with("owner", name);
    }
    if (user != null && !user.equals(owner)) {
      return Finding.warn(
              "owner",
              name + ", and this is " + user,
              "run bobbin as "
                  + name
                  + ": files that it makes as "
                  + user
                  + " the program cannot open")
          .with("owner", name);
    }
    return Finding.ok("owner", name).with("owner", name);
  }

  /** Who runs this, where the system tells. */
  private static @Nullable UserPrincipal user() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self) ? Files.getOwner(self) : null;
  }

  private static Finding links(Site site) {
    if (!site.links().isEmpty()) {
      return Finding.fail(
          "links",
          "symbolic links: " + site.name(site.links()),
          "the program opens none inside its directory, since what they lead to can be reached past "
              + "the directory's lock: move it into the directory, which itself may be a link");
    }
    return site.given().toAbsolutePath().normalize().equals(site.root())
        ? Finding.ok("links", "none")
        : Finding.ok("links", "none inside; the directory itself is " + site.root());
  }
}
