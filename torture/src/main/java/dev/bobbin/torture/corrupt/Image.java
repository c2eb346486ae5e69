package dev.bobbin.torture.corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory, held in memory. A value: the arrays are shared between images and never
 * written to.
 *
 * @param files content by path in the directory
 * @param longer sizes of files that go on with zeros behind their content, without a need for
 *     memory
 */
record Image(SortedMap<String, byte[]> files, Map<String, Long> longer) {
  static final String MARKER = "bobbin";
  static final String LOCK = "lock";
  static final String FOLDER = "queues/q/";
  static final String IDENTITY = FOLDER + "queue";
  static final String RING = FOLDER + "ring";
  static final String SEGMENT = ".segment";

  private static final int PAGE = 4096;

  /** Content by its hash: generations of a directory have most of it in common. */
  private static final Map<Integer, byte[]> KNOWN = new ConcurrentHashMap<>();

  private static final byte[] ZEROS = new byte[PAGE];

  static Image read(Path directory) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        byte[] known = KNOWN.putIfAbsent(Arrays.hashCode(bytes), bytes);
        boolean same = known != null && Arrays.equals(known, bytes);
        files.put(directory.relativize(file).toString(), same ? known : bytes);
      }
    }
    return new Image(files, Map.of());
  }

  byte @Nullable [] file(String name) {
    return files.get(name);
  }

  /** The bytes of a file that is there. */
  byte[] get(String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return bytes;
  }

  /** The size of a file that is there. */
  long bytes(String name) {
    return longer.getOrDefault(name, (long) get(name).length);
  }

  Image with(String name, byte[] bytes) {
    SortedMap<String, byte[]> changed = new TreeMap<>(files);
    changed.put(name, bytes);
    return new Image(changed, longer);
  }

  Image without(String name) {
    SortedMap<String, byte[]> changed = new TreeMap<>(files);
    changed.remove(name);
    return new Image(changed, longer);
  }

  Image withLength(String name, long bytes) {
    return new Image(files, Map.of(name, bytes));
  }

  /** Names of the journal's files. */
  List<String> segments() {
    return files.keySet().stream()
        .filter(n -> n.startsWith(FOLDER) && n.endsWith(SEGMENT))
        .filter(n -> n.indexOf('/', FOLDER.length()) < 0)
        .toList();
  }

  /** Writes the files to a directory that is empty or absent; pages of zeros become holes. */
  void write(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.toAbsolutePath().getParent());
      write(path, file.getValue(), bytes(file.getKey()));
    }
  }

  static void write(Path path, byte[] bytes, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int at = 0; at < bytes.length; ) {
        int to = at;
        while (to < bytes.length && !isZero(bytes, to)) {
          to = Math.min(bytes.length, to + PAGE);
        }
        if (to > at) {
          channel.write(ByteBuffer.wrap(bytes, at, to - at), at);
          at = to;
        } else {
          at = Math.min(bytes.length, at + PAGE);
        }
      }
      if (channel.size() < size) {
        channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
      }
    }
  }

  private static boolean isZero(byte[] bytes, int at) {
    int to = Math.min(bytes.length, at + PAGE);
    return Arrays.equals(bytes, at, to, ZEROS, 0, to - at);
  }

  /**
   * The first file that is not as it is here, or null. Left out are the lock, whose content means
   * nothing, and what a creation left unfinished, which opening deletes.
   *
   * @param there all files of a directory
   * @param touched those that may not be as they were
   */
  @Nullable String difference(SortedMap<String, Path> there, SortedMap<String, Path> touched)
      throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String name = file.getKey();
      if (ignored(name) || longer.containsKey(name) || isMadeAnew(name)) {
        continue;
      }
      if (!there.containsKey(name)) {
        return name + " is gone";
      }
      Path path = touched.get(name);
      int at = path == null ? -1 : Arrays.mismatch(Files.readAllBytes(path), file.getValue());
      if (at >= 0) {
        return name + " was changed at " + at;
      }
    }
    return there.keySet().stream()
        .filter(n -> !files.containsKey(n) && !ignored(n) && !n.equals(RING))
        .findFirst()
        .map(n -> n + " was created")
        .orElse(null);
  }

  /**
   * What opening makes anew before it looks at the journal: an empty marker is a crash between its
   * creation and its first write, and a ring of another size holds nothing that could be mapped.
   */
  private boolean isMadeAnew(String name) {
    return (name.equals(MARKER) && get(name).length == 0)
        || (name.equals(RING) && get(name).length != Base.RING_FILE_BYTES);
  }

  private static boolean ignored(String name) {
    return name.equals(LOCK) || name.endsWith(".tmp");
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
