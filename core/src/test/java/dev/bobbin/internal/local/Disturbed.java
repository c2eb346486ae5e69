package dev.bobbin.internal.local;

import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A real folder on a disk that a test makes slow, full or broken. */
final class Disturbed {
  /** While it is there, forces wait for it. */
  final AtomicReference<@Nullable CountDownLatch> gate = new AtomicReference<>();

  /** How many forces wait for it. */
  final AtomicInteger held = new AtomicInteger();

  /** Thrown by the next force, and by all that follow. */
  final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();

  final AtomicBoolean full = new AtomicBoolean();

  Storage storage(Path folder) {
    return new Folder(new FileStorage(folder));
  }

  private final class Folder implements Storage {
    private final FileStorage real;

    Folder(FileStorage real) {
      this.real = real;
    }

    @Override
    public List<String> list() throws IOException {
      return real.list();
    }

    @Override
    public StoredFile open(String name) throws IOException {
      return new OneFile(real.open(name));
    }

    @Override
    public StoredFile create(String name, ByteBuffer head, long bytes) throws IOException {
      if (full.get()) {
        throw new NoSpaceException("no room for " + name, new IOException("No space left"));
      }
      return new OneFile(real.create(name, head, bytes));
    }

    @Override
    public StoredFile createUnforced(String name, long bytes) throws IOException {
      return new OneFile(real.createUnforced(name, bytes));
    }

    @Override
    public void delete(String name) throws IOException {
      real.delete(name);
    }

    @Override
    public String describe(String name) {
      return real.describe(name);
    }
  }

  private final class OneFile implements Storage.StoredFile {
    private final Storage.StoredFile real;

    OneFile(Storage.StoredFile real) {
      this.real = real;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      real.read(target, offset);
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      real.write(source, offset);
    }

    @Override
    public void force() throws IOException {
      CountDownLatch wait = gate.get();
      if (wait != null) {
        held.incrementAndGet();
        try {
          wait.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        } finally {
          held.decrementAndGet();
        }
      }
      IOException error = broken.get();
      if (error != null) {
        throw error;
      }
      real.force();
    }

    @Override
    public ByteBuffer map(long offset, long bytes) throws IOException {
      return real.map(offset, bytes);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
