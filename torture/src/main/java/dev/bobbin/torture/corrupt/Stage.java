package dev.bobbin.torture.corrupt;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory that images are laid out in, one after the other. Files get a time of long ago:
 * whoever writes to one changes that, so what nobody has written to need not be written again, nor
 * read to see that it is as it was. Not so the ring, which is mapped.
 */
final class Stage {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  private final Path directory;

  /** What was laid out last; the arrays of images are never written to. */
  private Map<String, byte[]> laid = Map.of();

  Stage(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** Makes the directory what {@code image} is. */
  void lay(Image image) throws IOException {
    Map<String, byte[]> kept = new HashMap<>();
    if (Files.exists(directory)) {
      Files.walkFileTree(directory, new Sweeper(image, kept));
    }
    for (Map.Entry<String, byte[]> file : image.files().entrySet()) {
      String name = file.getKey();
      if (!kept.containsKey(name)) {
        Path path = directory.resolve(name);
        Files.createDirectories(path.toAbsolutePath().getParent());
        Image.write(path, file.getValue(), image.bytes(name));
        Files.setLastModifiedTime(path, LONG_AGO);
      }
    }
    laid = new HashMap<>(image.files());
  }

  private boolean isUntouched(String name, BasicFileAttributes attributes) {
    byte[] bytes = laid.get(name);
    return bytes != null
        && !name.equals(Image.RING)
        && attributes.lastModifiedTime().equals(LONG_AGO)
        && attributes.size() == bytes.length;
  }

  private String name(Path file) {
    return directory.relativize(file).toString();
  }

  /** Deletes what is not as the next image has it, and notes what is. */
  private final class Sweeper extends SimpleFileVisitor<Path> {
    private final Image next;
    private final Map<String, byte[]> kept;

    Sweeper(Image next, Map<String, byte[]> kept) {
      this.next = next;
      this.kept = kept;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = name(file);
      byte[] bytes = next.file(name);
      // The very array: the file holds what it held.
      boolean same = bytes != null && bytes == laid.get(name) && isUntouched(name, attributes);
      if (same && next.bytes(name) == attributes.size()) {
        kept.put(name, bytes);
      } else {
        Files.delete(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      String prefix = folder.equals(directory) ? "" : name(folder) + "/";
      if (next.files().keySet().stream().noneMatch(name -> name.startsWith(prefix))) {
        Files.delete(folder);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  /** The first file that is not as it is in {@code image}, which was laid out last; or null. */
  @Nullable String difference(Image image) throws IOException {
    SortedMap<String, Path> there = new TreeMap<>();
    SortedMap<String, Path> touched = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            there.put(name(file), file);
            if (!isUntouched(name(file), attributes)) {
              touched.put(name(file), file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return image.difference(there, touched);
  }
}
