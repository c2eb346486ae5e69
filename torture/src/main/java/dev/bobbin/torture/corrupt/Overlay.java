package dev.bobbin.torture.corrupt;

import dev.bobbin.internal.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Files in memory over others, which stay as they are: what is written lies here alone. */
public final class Overlay implements Storage {
  private final SortedMap<String, byte[]> below;
  private final SortedMap<String, byte[]> files;

  /** Files over {@code below}, which maps names to content. */
  public Overlay(SortedMap<String, byte[]> below) {
    this.below = below;
    this.files = new TreeMap<>(below);
  }

  /** Whether anything is not as it was; bytes may have been written again as they were. */
  boolean isChanged() {
    return !below.keySet().equals(files.keySet())
        || below.keySet().stream().anyMatch(n -> !Arrays.equals(below.get(n), files.get(n)));
  }

  /** What is in a file. */
  byte[] content(String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return bytes;
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public StoredFile open(String name) {
    return new Held(name);
  }

  @Override
  public StoredFile create(String name, ByteBuffer head, long bytes) {
    byte[] content = new byte[(int) bytes];
    head.duplicate().get(content, 0, head.remaining());
    files.put(name, content);
    return new Held(name);
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public String describe(String name) {
    return "memory/" + name;
  }

  private final class Held implements StoredFile {
    private final String name;
    private boolean own;

    Held(String name) {
      this.name = name;
    }

    private byte[] bytes() {
      return content(name);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      return bytes().length;
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      if (offset + target.remaining() > bytes().length) {
        throw new IOException("file " + name + " ends at " + bytes().length);
      }
      target.put(bytes(), (int) offset, target.remaining());
    }

    @Override
    public void write(ByteBuffer source, long offset) {
      int end = (int) offset + source.remaining();
      if (!own || end > bytes().length) {
        // A file that somebody has cut gets longer when it is written to.
        files.put(name, Arrays.copyOf(bytes(), Math.max(bytes().length, end)));
        own = true;
      }
      source.get(bytes(), (int) offset, source.remaining());
    }

    @Override
    public void force() {
      // Memory is as durable as this gets.
    }

    @Override
    public ByteBuffer map(long offset, long bytes) {
      throw new UnsupportedOperationException("a journal is not mapped");
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
