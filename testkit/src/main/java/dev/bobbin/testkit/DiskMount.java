package dev.bobbin.testkit;

import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.local.Home;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One opening of a {@link TestDisk}, until it is closed or the disk dies. */
final class DiskMount implements Home {
  private final TestDisk disk;
  private final Map<String, DiskFolder> folders;
  private volatile boolean dead;

  DiskMount(TestDisk disk, Map<String, DiskFolder> folders) {
    this.disk = disk;
    this.folders = folders;
  }

  void die() {
    dead = true;
  }

  boolean isDead() {
    return dead;
  }

  @Override
  public Storage create(String name) {
    synchronized (disk) {
      return new MountedFolder(disk, this, folders.computeIfAbsent(name, DiskFolder::new));
    }
  }

  @Override
  public Optional<Storage> existing(String name) {
    synchronized (disk) {
      return Optional.ofNullable(folders.get(name))
          .filter(DiskFolder::hasQueue)
          .map(folder -> new MountedFolder(disk, this, folder));
    }
  }

  @Override
  public List<String> queueNames() {
    synchronized (disk) {
      return folders.values().stream()
          .filter(DiskFolder::hasQueue)
          .map(folder -> folder.name)
          .toList();
    }
  }

  @Override
  public void close() {
    disk.unmount(this);
  }
}
