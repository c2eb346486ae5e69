package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 12 against whoever helps himself: one process owns a directory. */
@Timeout(120)
class OneOwnerTest {
  @TempDir Path scratch;

  private static String openElsewhere(Path directory) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OpenChild.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void deletedLockFileLetsNobodyIn() throws IOException {
    Path directory = scratch.resolve("dir");
    try (Bobbin owner = Bobbin.open(directory)) {
      Files.delete(directory.resolve("lock"));
      assertThat(openElsewhere(directory)).isEqualTo("in use");
      assertThatThrownBy(() -> Maintenance.verify(directory))
          .isInstanceOf(DirectoryInUseException.class);
      assertThat(owner.queueNames()).isEmpty();
    }
    assertThat(openElsewhere(directory)).isEqualTo("opened []");
  }

  /**
   * To close a channel on a locked file is to lose the lock: a second opening under another name
   * must be refused before it opens one.
   */
  @Test
  void movedDirectoryIsRefusedHereAndElsewhere() throws IOException {
    Path directory = scratch.resolve("dir");
    Path moved = scratch.resolve("moved");
    try (Bobbin owner = Bobbin.open(directory)) {
      Files.move(directory, moved);
      assertThatThrownBy(() -> Bobbin.open(moved)).isInstanceOf(DirectoryInUseException.class);
      assertThatThrownBy(() -> Maintenance.verify(moved))
          .isInstanceOf(DirectoryInUseException.class);
      assertThat(openElsewhere(moved)).isEqualTo("in use");
      Files.move(moved, directory);
    }
    assertThat(openElsewhere(directory)).isEqualTo("opened []");
  }
}
