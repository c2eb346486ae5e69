package dev.bobbin.torture.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
public final class Trees {
  private Trees() {}

  /** Deletes {@code root}, or keeps it for whoever looks for the fault, and says so. */
  public static void deleteIf(boolean clean, Path root) throws IOException {
    if (clean) {
      delete(root);
    } else {
      System.out.println("  kept: " + root);
    }
  }

  public static void delete(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(root)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
