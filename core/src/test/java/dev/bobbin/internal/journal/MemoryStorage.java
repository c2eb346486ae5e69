package dev.bobbin.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder in memory whose disk can be full or broken. It keeps what was written apart from what
 * was forced, so that a test decides what the death of the machine leaves. For one thread.
 */
public final class MemoryStorage implements Storage {
  private static final int PAGE = 4096;

  /** Files that may be there at once; creating more is a full disk. */
  int maxFiles = Integer.MAX_VALUE;

  /**
   * Thrown by the next force, once. What that force should have written is taken for written from
   * then on, as systems do: it can be read, and no later force writes it.
   */
  IOException failingForce;

  /** After so many reads the system needs its memory: what was given up is as the disk has it. */
  int readsToForgetting = Integer.MAX_VALUE;

  int created;
  int opened;
  int closed;

  private final Map<String, MemoryFile> files = new TreeMap<>();

  /** What the death of the process leaves: everything that was written. */
  public MemoryStorage processDeath() {
    MemoryStorage copy = new MemoryStorage();
    files.forEach(
        (name, f) -> {
          MemoryFile same = copy.new MemoryFile(name, f.bytes, f.forced);
          same.givenUp.or(f.givenUp);
          copy.files.put(name, same);
        });
    return copy;
  }

  /** What the death of the machine leaves: what was forced, and of {@code lucky} files, all. */
  public MemoryStorage machineDeath(String... lucky) {
    MemoryStorage copy = new MemoryStorage();
    files.forEach(
        (name, f) -> {
          byte[] left = List.of(lucky).contains(name) ? f.bytes : f.forced;
          copy.files.put(name, copy.new MemoryFile(name, left, left));
        });
    return copy;
  }

  /** How many files are open. */
  public int open() {
    return opened - closed;
  }

  List<String> names() {
    return new ArrayList<>(files.keySet());
  }

  byte[] bytes(String name) {
    return files.get(name).bytes;
  }

  @Override
  public List<String> list() {
    return names();
  }

  @Override
  public StoredFile open(String name) {
    opened++;
    return files.get(name);
  }

  @Override
  public StoredFile create(String name, ByteBuffer head, long bytes) throws IOException {
    if (files.size() >= maxFiles) {
      throw new NoSpaceException("no room for " + name, new IOException("No space left"));
    }
    byte[] content = new byte[(int) bytes];
    head.duplicate().get(content, 0, head.remaining());
    MemoryFile file = new MemoryFile(name, content, content);
    files.put(name, file);
    created++;
    opened++;
    return file;
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public String describe(String name) {
    return "memory/" + name;
  }

  private final class MemoryFile implements StoredFile {
    private final String name;
    private final byte[] bytes;
    private final byte[] forced;

    /** Pages that a failed force has given up. */
    private final BitSet givenUp = new BitSet();

    MemoryFile(String name, byte[] bytes, byte[] forced) {
      this.name = name;
      this.bytes = bytes.clone();
      this.forced = forced.clone();
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      if (offset + target.remaining() > bytes.length) {
        throw new IOException("file " + name + " ends");
      }
      if (readsToForgetting-- == 0) {
        files.values().forEach(MemoryFile::forget);
      }
      target.put(bytes, (int) offset, target.remaining());
    }

    @Override
    public void write(ByteBuffer source, long offset) {
      int end = (int) offset + source.remaining();
      givenUp.clear((int) offset / PAGE, (end + PAGE - 1) / PAGE);
      source.get(bytes, (int) offset, source.remaining());
    }

    @Override
    public void force() throws IOException {
      IOException failing = failingForce;
      failingForce = null;
      for (int page = 0; page * PAGE < bytes.length; page++) {
        if (failing != null && Arrays.mismatch(page(bytes, page), page(forced, page)) >= 0) {
          givenUp.set(page);
        } else if (failing == null && !givenUp.get(page)) {
          copy(bytes, forced, page);
        }
      }
      if (failing != null) {
        throw failing;
      }
    }

    private void forget() {
      givenUp.stream().forEach(page -> copy(forced, bytes, page));
      givenUp.clear();
    }

    private static byte[] page(byte[] of, int page) {
      return Arrays.copyOfRange(of, page * PAGE, Math.min(of.length, (page + 1) * PAGE));
    }

    private static void copy(byte[] from, byte[] to, int page) {
      int at = page * PAGE;
      System.arraycopy(from, at, to, at, Math.min(PAGE, from.length - at));
    }

    @Override
    public ByteBuffer map(long offset, long size) {
      throw new AssertionError("a journal is never mapped");
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
