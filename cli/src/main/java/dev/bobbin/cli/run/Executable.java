package dev.bobbin.cli.run;

import dev.bobbin.BobbinException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds COMMAND as the shell will, before anything is read that would then be left undone. */
final class Executable {
  private Executable() {}

  /**
   * Checks that {@code name} can be started.
   *
   * @param searchPath the value of {@code PATH}
   * @throws BobbinException if it cannot; it says where we looked
   */
  static void require(String name, @Nullable String searchPath) {
    if (name.indexOf('/') >= 0) {
      Path file = Path.of(name);
      if (!Files.exists(file)) {
        throw unusable(name, "there is no such file");
      }
      if (!startable(file)) {
        throw unusable(name, Files.isDirectory(file) ? "it is a directory" : "not executable");
      }
      return;
    }
    String folders = searchPath == null ? "" : searchPath;
    // An empty entry is the working directory, by POSIX.
    if (List.of(folders.split(":", -1)).stream().noneMatch(f -> startable(Path.of(f, name)))) {
      throw unusable(name, "it is not in any folder of PATH (" + folders + ")");
    }
  }

  private static boolean startable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static BobbinException unusable(String name, String why) {
    return new BobbinException(
        "cannot start the command '" + name + "': " + why + "; no input was read");
  }
}
