package dev.bobbin.testkit;

import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file as the queue sees it. Closing does nothing: nobody counts what is open. */
record MountedFile(TestDisk disk, DiskMount mount, String path, String name, DiskFile file)
    implements StoredFile {
  @Override
  public long size() {
    synchronized (disk) {
      return file.size();
    }
  }

  @Override
  public void read(ByteBuffer target, long offset) throws IOException {
    synchronized (disk) {
      disk.perform(mount, DiskOperation.READ, path);
      if (offset + target.remaining() > file.size()) {
        throw new EOFException(path + " ends at " + file.size());
      }
      file.read(target, offset);
    }
  }

  @Override
  public void write(ByteBuffer source, long offset) throws IOException {
    synchronized (disk) {
      boolean fails = disk.begin(mount, DiskOperation.WRITE, path);
      if (offset + source.remaining() > file.size()) {
        throw new EOFException(path + " ends at " + file.size() + ", and files do not grow");
      }
      if (fails) {
        // As systems do it: what comes before the trouble is written.
        int half = source.remaining() / 2 / DiskFile.PIECE_BYTES * DiskFile.PIECE_BYTES;
        file.write(source.slice(source.position(), half), offset);
        throw disk.error(DiskOperation.WRITE, path);
      }
      file.write(source, offset);
    }
  }

  @Override
  public void force() throws IOException {
    synchronized (disk) {
      if (disk.begin(mount, DiskOperation.FORCE, path)) {
        file.failForce();
        throw disk.error(DiskOperation.FORCE, path);
      }
      file.force();
    }
  }

  @Override
  public ByteBuffer map(long offset, long bytes) throws IOException {
    synchronized (disk) {
      disk.perform(mount, DiskOperation.OPEN, path);
      return file.map(offset, bytes);
    }
  }

  @Override
  public void close() {}
}
