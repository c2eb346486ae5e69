package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTest {
  @TempDir Path temp;

  /** A file that is cut and written again needs room, which a full disk does not have. */
  @Test
  void locksWithoutGivingBackTheRoomOfTheLocksFile() throws Exception {
    Path directory = temp.resolve("data");
    Root.open(directory).close();
    Path lock = directory.resolve("lock");
    Files.writeString(lock, "9".repeat(20));
    Root.open(directory).close();
    assertThat(Files.readString(lock)).hasSize(20).matches(ProcessHandle.current().pid() + " +");
  }
}
