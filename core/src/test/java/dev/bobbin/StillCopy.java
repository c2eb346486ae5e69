package dev.bobbin;

import dev.bobbin.internal.Crash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a live directory, of a moment in which nothing changed. */
final class StillCopy {
  private StillCopy() {}

  /** Copies until nothing changes any more: the queue may be in the middle of something. */
  static void make(Path from, Path to) throws IOException {
    do {
      if (Files.exists(to)) {
        Crash.delete(to);
      }
    } while (!copyOnce(from, to) || !same(from, to));
  }

  /** Returns false if a file went in the meantime. */
  private static boolean copyOnce(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        if (!file.getFileName().toString().endsWith(".tmp")) {
          Files.copy(file, to.resolve(from.relativize(file)));
        }
      }
      return true;
    } catch (NoSuchFileException | UncheckedIOException e) {
      return false;
    }
  }

  private static boolean same(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from);
        Stream<Path> copies = Files.walk(to)) {
      List<Path> originals = files.toList();
      boolean same = originals.size() == copies.count();
      for (Path file : originals) {
        Path copy = to.resolve(from.relativize(file));
        same &= Files.isDirectory(file) || (Files.exists(copy) && Files.mismatch(file, copy) < 0);
      }
      return same;
    } catch (IOException | UncheckedIOException e) {
      // A file went while it was compared.
      return false;
    }
  }
}
