package dev.bobbin.cli.doctor;

import dev.bobbin.cli.output.Sizes;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/** The file system, and what is free on it. */
final class Place {
  private static final Set<String> DISKS =
      Set.of("ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "apfs", "ufs", "bcachefs");
  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");
  private static final Set<String> LAYERS = Set.of("overlay", "overlayfs", "aufs");
  private static final Set<String> FAT = Set.of("vfat", "exfat", "msdos");
  private static final Set<String> REMOTE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "9p",
          "virtiofs",
          "ceph",
          "lustre",
          "gpfs",
          "beegfs",
          "afs",
          "davfs",
          "vboxsf",
          "prl_fs",
          "grpcfuse");

  /** A segment of the size that queues have by default. */
  private static final long SEGMENT_BYTES = 16 << 20;

  /** How many times what a queue takes next should be free. */
  private static final long AMPLE = 10;

  private Place() {}

  static List<Finding> look(Site site) throws IOException {
    FileStore store = Files.getFileStore(site.root());
    return List.of(fileSystem(store), space(site, store));
  }

  private static Finding fileSystem(FileStore store) throws IOException {
    if (store.isReadOnly()) {
      return Finding.fail(
              "file system", store.type() + ", read only", "mount it so that it can be written")
          .with("fileSystem", store.type());
    }
    return fileSystem(store.type()).with("fileSystem", store.type());
  }

  static Finding fileSystem(String type) {
    String name = "file system";
    if (DISKS.contains(type)) {
      return Finding.ok(name, type);
    }
    if (MEMORY.contains(type)) {
      return Finding.warn(
          name,
          type + ": memory, no disk",
          "jobs survive the death of the process, not that of the machine, and sync() promises "
              + "nothing: put the directory on a disk");
    }
    if (LAYERS.contains(type)) {
      return Finding.warn(
          name,
          type + ": the writable layer of a container",
          "jobs are gone when the container is removed: mount a volume and put the directory there");
    }
    if (REMOTE.contains(type) || type.startsWith("fuse")) {
      return Finding.warn(
          name,
          type + ": another machine or program answers for it",
          "whether the lock keeps others out and a force reaches a disk is up to it, and when it is "
              + "gone the JVM may be killed in the middle of a job: use a local disk");
    }
    if (FAT.contains(type)) {
      return Finding.warn(
          name,
          type + ": no owners, no permissions, no journal of its own",
          "everybody on this machine can read the jobs, and a power cut may take the folder along: "
              + "use a file system such as ext4 or xfs");
    }
    return Finding.warn(
        name, type + ": not known here", "look up whether it keeps locks, renames and forces");
  }

  private static Finding space(Site site, FileStore store) throws IOException {
    long next = site.segments().values().stream().mapToLong(Place::segmentBytes).sum();
    long free = store.getUsableSpace();
    return space(free, Math.max(next, SEGMENT_BYTES))
        .with("freeBytes", free)
        .with("totalBytes", store.getTotalSpace());
  }

  /**
   * @param next what one more segment for each queue takes
   */
  static Finding space(long free, long next) {
    String found =
        Sizes.bytes(free) + " free; a further segment for each queue takes " + Sizes.bytes(next);
    String advice = "free some space, or give the directory a larger file system";
    if (free < next) {
      return Finding.fail(
          "free space", found, advice + ": submits are refused with DISK_FULL before long");
    }
    return free < AMPLE * next
        ? Finding.warn("free space", found, advice)
        : Finding.ok("free space", found);
  }

  private static long segmentBytes(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).max().orElse(SEGMENT_BYTES);
  }
}
