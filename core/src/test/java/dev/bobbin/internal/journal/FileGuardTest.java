package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileGuardTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({
    "1000, 1000, false, true",
    "0,    1000, false, true",
    "1001, 1000, false, false",
    "1001, 1000, true,  false",
    "1000, 0,    false, false",
    "1000, 0,    true,  true",
    "0,    0,    false, true",
    "1001, -1,   false, true",
    "4294967295, 1000, true, false"
  })
  void ownerIsTheProcessesUserOrRoot(long owner, long self, boolean readOnly, boolean may) {
    assertThat(FileGuard.mayUse(owner, self, readOnly)).isEqualTo(may);
  }

  @Test
  void processUserIsWhoseNewFilesAre() throws IOException {
    assertThat(ProcessUser.uid()).isEqualTo(FileGuard.uid(Files.createFile(scratch.resolve("f"))));
  }
}
