package dev.bobbin.testkit;

import dev.bobbin.internal.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** A queue's folder as the queue sees it. */
record MountedFolder(TestDisk disk, DiskMount mount, DiskFolder folder) implements Storage {
  @Override
  public List<String> list() throws IOException {
    synchronized (disk) {
      disk.perform(mount, DiskOperation.LIST, folder.name);
      return List.copyOf(folder.files.keySet());
    }
  }

  @Override
  public StoredFile open(String name) throws IOException {
    synchronized (disk) {
      disk.perform(mount, DiskOperation.OPEN, folder.path(name));
      DiskFile file = folder.files.get(name);
      if (file == null) {
        throw new NoSuchFileException(folder.path(name));
      }
      return new MountedFile(disk, mount, folder.path(name), name, file);
    }
  }

  @Override
  public StoredFile create(String name, ByteBuffer head, long bytes) throws IOException {
    synchronized (disk) {
      StoredFile created = create(name, bytes);
      DiskFile file = folder.files.get(name);
      if (file != null) {
        file.write(head.duplicate(), 0);
        file.force();
      }
      folder.force();
      return created;
    }
  }

  @Override
  public StoredFile createUnforced(String name, long bytes) throws IOException {
    synchronized (disk) {
      return create(name, bytes);
    }
  }

  private StoredFile create(String name, long bytes) throws IOException {
    disk.perform(mount, DiskOperation.CREATE, folder.path(name));
    disk.takeRoom(folder.path(name));
    DiskFile file = new DiskFile(folder.path(name), bytes);
    folder.files.put(name, file);
    return new MountedFile(disk, mount, folder.path(name), name, file);
  }

  @Override
  public void delete(String name) throws IOException {
    synchronized (disk) {
      disk.perform(mount, DiskOperation.DELETE, folder.path(name));
      folder.files.remove(name);
      folder.force();
    }
  }

  @Override
  public String describe(String name) {
    return "TestDisk/" + folder.path(name);
  }
}
