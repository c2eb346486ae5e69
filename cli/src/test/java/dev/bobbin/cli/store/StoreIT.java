package dev.bobbin.cli.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.Cli.Running;
import dev.bobbin.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look after a directory, on directories that are held or damaged. */
class StoreIT {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  @TempDir Path scratch;

  private String dir() {
    return scratch.resolve("dir").toString();
  }

  @Test
  void holderIsNamedAndLeftAlone() throws Exception {
    Running holder = new Cli(scratch).inputFromPipe().start("run", "--dir", dir(), "echo");
    holder.await("the directory's lock", () -> Files.exists(Path.of(dir(), "queues/run/ring")));
    for (List<String> words :
        List.of(
            List.of("stats", dir()),
            List.of("dead", "list", dir()),
            List.of("dead", "purge", dir(), "--all", "--yes"))) {
      Finished refused = new Cli(scratch).run(words.toArray(String[]::new));
      assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.IN_USE);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .contains("is in use by process " + holder.pid() + " (", "bobbin-cli.jar run --dir ");
    }
    Finished doctor = new Cli(scratch).run("doctor", dir(), "-o", "json");
    assertThat(doctor.status()).as(doctor.utf8() + doctor.err()).isEqualTo(ExitCode.OK);
    assertThat(doctor.utf8())
        .contains("\"holderPid\" : " + holder.pid(), "not looked at", "forceP50Micros")
        .contains("process " + holder.pid() + " may open");
    holder.stdin().write("mine\n".getBytes(ISO_8859_1));
    holder.stdin().close();
    Finished finished = holder.finish();
    assertThat(finished.status()).as(finished.err()).isZero();
    assertThat(finished.out()).isEqualTo("mine\n");
  }

  @Test
  void damagedJournalIsStatus4AndStaysAsItIs() throws Exception {
    try (Bobbin bobbin = Bobbin.open(Path.of(dir()))) {
      JobQueue<String> queue = bobbin.queue("damaged", Codec.text(), SMALL);
      queue.submit("the needle in the journal", Duration.ofDays(1));
      queue.submit("another job", Duration.ofDays(1));
      bobbin.queue("good", Codec.text(), SMALL).submit("job");
    }
    Path segment = segmentWith("needle");
    byte[] damaged = Files.readAllBytes(segment);
    damaged[new String(damaged, ISO_8859_1).indexOf("needle")] ^= 1;
    Files.write(segment, damaged);

    Finished stats = new Cli(scratch).run("stats", dir(), "-o", "ndjson");
    assertThat(stats.status()).as(stats.err()).isEqualTo(ExitCode.CORRUPT);
    assertThat(stats.err()).contains("corrupt", segment.toString());
    assertThat(stats.lines()).hasSize(2);
    assertThat(stats.lines().get(0)).contains("\"queue\":\"damaged\"", "\"error\":\"corrupt");
    assertThat(stats.lines().get(1)).contains("\"queue\":\"good\"", "\"ready\":1");
    Finished dead = new Cli(scratch).run("dead", "list", dir(), "--queue", "damaged");
    assertThat(dead.status()).as(dead.err()).isEqualTo(ExitCode.CORRUPT);
    assertThat(segment).hasBinaryContent(damaged);
  }

  private Path segmentWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(dir()))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".segment")).toList()) {
        if (new String(Files.readAllBytes(file), ISO_8859_1).contains(text)) {
          return file;
        }
      }
    }
    throw new AssertionError("no segment holds " + text);
  }

  @Test
  void outputThatIsNotTakenIsAnError() throws Exception {
    Bobbin.open(Path.of(dir())).close();
    Finished full = sh("\"$@\" > /dev/full", "stats", dir(), "-o", "json");
    assertThat(full.status()).isEqualTo(ExitCode.FAILED);
    assertThat(full.err()).contains("standard output did not take all of it");
  }

  @Test
  void nothingColoursAPipe() throws Exception {
    Bobbin.open(Path.of(dir())).close();
    for (String command : List.of("stats", "doctor")) {
      Finished table = new Cli(scratch).environment("CLICOLOR_FORCE", "1").run(command, dir());
      assertThat(table.status()).isZero();
      assertThat(table.utf8()).contains("|--").doesNotContain("\u001b").doesNotContain("\r");
    }
  }

  private Finished sh(String script, String... words) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Stream<String> command =
        Stream.of("sh", "-c", script, "sh", java, "-jar", System.getProperty("bobbin.cli.jar"));
    return new Cli(scratch)
        .runProgram(Stream.concat(command, Stream.of(words)).toArray(String[]::new));
  }
}
