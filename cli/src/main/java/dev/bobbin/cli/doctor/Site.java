package dev.bobbin.cli.doctor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory of Bobbin as a tree of files; no link is followed.
 *
 * @param given as the user wrote it
 * @param root where that leads
 * @param paths all folders and files in it, the root first
 * @param unreadable those that could not be looked at
 * @param links those that lead elsewhere
 * @param segments the journal's files and their sizes, by the name of their queue
 * @param holder the process that has it open
 */
record Site(
    Path given,
    Path root,
    List<Path> paths,
    List<Path> unreadable,
    List<Path> links,
    Map<String, List<Long>> segments,
    OptionalLong holder) {
  private static final String QUEUES = "queues";
  static final String QUEUE_NAME = "[a-z0-9][a-z0-9._-]{0,63}";
  private static final String SEGMENT = ".segment";
  private static final int NAMES_SHOWN = 3;

  static Site of(Path given, OptionalLong holder) throws IOException {
    Path root = given.toRealPath();
    Site site =
        new Site(
            given,
            root,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new TreeMap<>(),
            holder);
    Files.walkFileTree(root, new Visitor(site));
    return site;
  }

  /** The file that says whose directory this is: the program made it. */
  Path marker() {
    return root.resolve("bobbin");
  }

  /** Folders among the queues' that no queue can have: {@code stats} and {@code verify} pass by. */
  List<Path> otherFolders() {
    return paths.stream()
        .filter(path -> root.resolve(QUEUES).equals(path.getParent()))
        .filter(path -> !path.getFileName().toString().matches(QUEUE_NAME))
        .toList();
  }

  /** Some of {@code paths}, as seen from the directory. */
  String name(List<Path> some) {
    List<String> names =
        some.stream()
            .limit(NAMES_SHOWN)
            .map(path -> path.equals(root) ? root.toString() : root.relativize(path).toString())
            .toList();
    int more = some.size() - names.size();
    return String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
  }

  private void add(Path path, BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink()) {
      links.add(path);
      return;
    }
    paths.add(path);
    Path inside = root.relativize(path);
    if (inside.getNameCount() == 2 && inside.startsWith(QUEUES) && attributes.isDirectory()) {
      segments.put(inside.getName(1).toString(), new ArrayList<>());
    }
    if (inside.getNameCount() == 3
        && inside.startsWith(QUEUES)
        && inside.toString().endsWith(SEGMENT)) {
      segments
          .computeIfAbsent(inside.getName(1).toString(), name -> new ArrayList<>())
          .add(attributes.size());
    }
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Site site;

    Visitor(Site site) {
      this.site = site;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      site.add(folder, attributes);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      site.add(file, attributes);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) {
      // A file that its owner has just removed is no news.
      if (!(error instanceof java.nio.file.NoSuchFileException)) {
        site.unreadable.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) {
      if (error != null) {
        site.unreadable.add(folder);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
