package dev.bobbin.torture.loop;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A file system of its own in a sparse file, mounted by way of a loop device. The device goes when
 * the file system is unmounted, which {@link #close} does, and the end of this process, whatever
 * comes in between. Owned by one thread.
 */
public final class LoopDisk implements AutoCloseable {
  /** What is made in the image. */
  public enum Kind {
    EXT4("mkfs.ext4", "e2fsprogs", 8L << 20, "-q -F -m 0 -E nodiscard"),
    XFS("mkfs.xfs", "xfsprogs", 320L << 20, "-q -f -K");

    private final String maker;
    private final String madeBy;

    /** No smaller image can be made. */
    private final long leastBytes;

    /** Separated by blanks. */
    private final String options;

    Kind(String maker, String madeBy, long leastBytes, String options) {
      this.maker = maker;
      this.madeBy = madeBy;
      this.leastBytes = leastBytes;
      this.options = options;
    }
  }

  private final Path image;
  private final Path mountPoint;
  private final Thread atExit = new Thread(this::letGo, "unmount");
  private boolean mounted;

  private LoopDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Why there can be no such disk here; empty if there can. Tries it with a small one. */
  public static Optional<String> missing(Kind kind, Path folder) throws InterruptedException {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.of("loop devices need Linux");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("mounting a loop device needs root");
    }
    for (String tool : List.of("mount", "umount", "perl")) {
      if (!Tool.isThere(tool)) {
        return Optional.of("there is no command " + tool);
      }
    }
    if (!Tool.isThere(kind.maker)) {
      return Optional.of("there is no " + kind.maker + ": install the package " + kind.madeBy);
    }
    try (LoopDisk probe = create(folder, kind, kind.leastBytes)) {
      Files.write(probe.root().resolve("probe"), new byte[1]);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("no loop device can be mounted (" + e.getMessage() + ")");
    }
  }

  /**
   * Makes a disk and mounts it.
   *
   * @param folder where the image and the mount point are put; must be there
   * @param more options for the program that makes the file system
   */
  public static LoopDisk create(Path folder, Kind kind, long bytes, String... more)
      throws IOException, InterruptedException {
    Path image = Files.createTempFile(folder, "bobbin-", ".image");
    LoopDisk disk = new LoopDisk(image, Path.of(image + ".mounted"));
    Runtime.getRuntime().addShutdownHook(disk.atExit);
    boolean made = false;
    try {
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(Math.max(bytes, kind.leastBytes));
      }
      List<String> make = new ArrayList<>();
      make.add(kind.maker);
      make.addAll(List.of(kind.options.split(" ")));
      make.addAll(Arrays.asList(more));
      make.add(image.toString());
      Tool.run(make.toArray(String[]::new));
      Files.createDirectory(disk.mountPoint);
      disk.mount();
      made = true;
      return disk;
    } finally {
      if (!made) {
        disk.close();
      }
    }
  }

  /** The root of the file system. */
  public Path root() {
    return mountPoint;
  }

  public void mount() throws IOException, InterruptedException {
    Tool.run("mount", "-o", "loop", image.toString(), mountPoint.toString());
    mounted = true;
  }

  /** Fails if a process still has a file open there, or mapped. */
  public void unmount() throws IOException, InterruptedException {
    Tool.run("umount", mountPoint.toString());
    mounted = false;
  }

  /** Unmounts, then mounts: after {@link Cut}, the file system's own recovery runs. */
  public void remount() throws IOException, InterruptedException {
    unmount();
    mount();
  }

  /** Bytes that can still be written. */
  public long freeBytes() throws IOException {
    return Files.getFileStore(mountPoint).getUsableSpace();
  }

  @Override
  public void close() {
    letGo();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process ends; the hook has run or will.
    }
  }

  private synchronized void letGo() {
    try {
      if (mounted) {
        try {
          unmount();
        } catch (IOException e) {
          // Somebody is still in it: it goes, with its device, when they are gone.
          Tool.run("umount", "-l", mountPoint.toString());
          mounted = false;
        }
      }
      Files.deleteIfExists(mountPoint);
      Files.deleteIfExists(image);
    } catch (IOException e) {
      System.err.println("cannot let go of " + mountPoint + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
