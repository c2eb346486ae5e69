package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.Cli.Running;
import dev.bobbin.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that cannot be used: a clear error, and nothing in them is touched. */
class RunDirectoryIT {
  @TempDir Path scratch;

  private Finished refused(Path dir) throws Exception {
    return refused(dir, ExitCode.FAILED);
  }

  private Finished refused(Path dir, int status) throws Exception {
    Finished run = new Cli(scratch).input("a\n").run("run", "--dir", dir.toString(), "echo");
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("bobbin: ").contains(dir.toString()).doesNotContain("\tat ");
    return run;
  }

  @Test
  void secondProcessIsToldAndTheFirstGoesOn() throws Exception {
    Path dir = scratch.resolve("dir");
    Running first = new Cli(scratch).inputFromPipe().start("run", "--dir", dir.toString(), "echo");
    first.await("the directory's lock", () -> Files.exists(dir.resolve("queues/run")));
    refused(dir, ExitCode.IN_USE);
    first.stdin().write("mine\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    first.stdin().close();
    Finished finished = first.finish();
    assertThat(finished.status()).as(finished.err()).isZero();
    assertThat(finished.out()).isEqualTo("mine\n");
  }

  @Test
  void damagedDirectoryHasAStatusOfItsOwn() throws Exception {
    Path dir = scratch.resolve("dir");
    Cli cli = new Cli(scratch);
    assertThat(cli.input("a\n").run("run", "--dir", dir.toString(), "echo").status()).isZero();
    Path file = dir.resolve("queues/run/queue");
    byte[] bytes = Files.readAllBytes(file);
    bytes[25] ^= 0x11;
    Files.write(file, bytes);
    assertThat(refused(dir, ExitCode.CORRUPT).err()).contains("damaged");
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void directoryOfAnotherProgramIsLeftAlone() throws Exception {
    Path dir = Files.createDirectory(scratch.resolve("other"));
    Path file = Files.writeString(dir.resolve("precious.db"), "data");
    refused(dir);
    assertThat(dir.toFile().list()).containsExactly("precious.db");
    assertThat(file).hasContent("data");
  }

  @Test
  void fileInPlaceOfTheDirectoryIsLeftAlone() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "data");
    refused(file);
    assertThat(file).hasContent("data");
  }

  @Test
  void placeThatCannotBeWrittenIsNamed() throws Exception {
    // Permissions do not stop root; this file system stops everybody.
    refused(Path.of("/proc/bobbin-test"));
  }
}
