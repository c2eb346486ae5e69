package dev.bobbin.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify} and {@code repair} as processes, on directories that others have left. */
class VerifyIT {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  @TempDir Path scratch;
  private Path dir = Path.of("");

  @BeforeEach
  void fill() {
    dir = scratch.resolve("dir");
    try (Bobbin bobbin = Bobbin.open(dir)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), SMALL);
      for (String job : List.of("first job", "second job", "third job")) {
        queue.submit(job);
        queue.sync();
      }
    }
  }

  private Finished run(String... words) throws IOException, InterruptedException {
    return new Cli(scratch).run(words);
  }

  /** Changes a letter of a payload in the journal; returns the file. */
  private Path damage(String payload) throws IOException {
    Path file = dir.resolve("queues/q/00000000.segment");
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(payload);
    assertThat(at).isPositive();
    bytes[at] ^= 1;
    Files.write(file, bytes);
    return file;
  }

  @Test
  void healthyDirectoryIsStatusZero() throws Exception {
    Finished verify = run("verify", dir.toString(), "-o", "json");
    assertThat(verify.status()).as(verify.err()).isEqualTo(ExitCode.OK);
    assertThat(verify.objects().get(0))
        .containsEntry("queue", "q")
        .containsEntry("healthy", true)
        .containsEntry("ready", 3)
        .containsEntry("cleanlyClosed", true);
    Finished repair = run("repair", dir.toString());
    assertThat(repair.status()).isZero();
    assertThat(repair.out()).contains("left alone");
  }

  @Test
  void damageIsFoundAndRepaired() throws Exception {
    Path file = damage("second job").toRealPath();
    byte[] damaged = Files.readAllBytes(file);
    Finished verify = run("verify", dir.toString());
    assertThat(verify.status()).isEqualTo(ExitCode.CORRUPT);
    assertThat(verify.err()).contains(file + " at offset ");
    assertThat(verify.out()).contains("damaged in 1 places");

    Finished dry = run("repair", "--dry-run", dir.toString());
    assertThat(dry.status()).isEqualTo(ExitCode.CORRUPT);
    assertThat(dry.out()).contains("can be repaired");
    assertThat(file).hasBinaryContent(damaged);

    Finished repair = run("repair", dir.toString(), "-o", "ndjson");
    assertThat(repair.status()).as(repair.err()).isZero();
    Map<String, Object> queue = repair.objectPerLine().get(0);
    assertThat(queue).containsEntry("outcome", "REPAIRED").containsEntry("ready", 2);
    Path copies = Path.of(String.valueOf(queue.get("copies")));
    assertThat(copies.resolve("q").resolve(file.getFileName())).hasBinaryContent(damaged);
    assertThat(run("verify", dir.toString()).status()).isZero();
    Finished stats = run("stats", dir.toString(), "-o", "json");
    assertThat(stats.objects().get(0)).containsEntry("ready", 2);
  }

  @Test
  void directoryInUseIsStatusFive() throws Exception {
    try (Bobbin bobbin = Bobbin.open(dir)) {
      assertThat(bobbin.queueNames()).containsExactly("q");
      for (String command : List.of("verify", "repair")) {
        Finished refused = run(command, dir.toString());
        assertThat(refused.status()).as(command).isEqualTo(ExitCode.IN_USE);
        assertThat(refused.err()).contains("in use by process " + ProcessHandle.current().pid());
      }
    }
  }
}
