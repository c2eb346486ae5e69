package dev.bobbin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
  @TempDir Path scratch;

  @Test
  void readmeCommandPrintsWhatSha256sumPrints() throws Exception {
    Path tree = Files.createDirectories(scratch.resolve("tree/with blanks"));
    for (int i = 0; i < 500; i++) {
      Files.writeString(tree.resolve("file " + i), "content " + i);
    }
    String launcher = Path.of("..", "bobbin").toAbsolutePath().normalize().toString();
    Finished plain =
        new Cli(scratch)
            .runProgram(
                "sh", "-c", "find \"$0\" -type f -print0 | xargs -0 sha256sum", tree.toString());
    Finished ours =
        new Cli(scratch)
            .environment("JAVA_HOME", System.getProperty("java.home"))
            .runProgram(
                "sh",
                "-c",
                "find \"$0\" -type f | \"$1\" run --dir \"$2\" --workers 2 --batch 200 -- sha256sum",
                tree.toString(),
                launcher,
                scratch.resolve("hashes").toString());
    assertThat(ours.status()).as(ours.err()).isZero();
    assertThat(ours.lines()).hasSize(500).containsExactlyInAnyOrderElementsOf(plain.lines());
  }
}
