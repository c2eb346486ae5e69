package dev.bobbin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.cli.Cli.Finished;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever jobs, reasons, headers, names and paths hold: no command prints anything that a terminal
 * would obey, on either output. Each form of output is tried on a directory that is full of it.
 */
class HostileTextTest {
  /**
   * A colour, a title, a link, a C1 sequence, an override of direction, no width, and a forgery.
   */
  private static final String EVIL =
      "\u001b[31m\u001b]0;t\u0007\u001b]8;;u\u001b\\\u009b2J\u202e\u2067\u200b\u007f\rbobbin: ok";

  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  @TempDir Path scratch;
  private Path dir;
  private String id = "";

  @BeforeEach
  void fill() throws Exception {
    // A name can hold what an argument can: all but a zero byte and a slash.
    dir = scratch.resolve("d" + EVIL.replace("/", ""));
    try (Bobbin bobbin = Bobbin.open(dir)) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), SMALL);
      CountDownLatch rejected = new CountDownLatch(3);
      Workers workers =
          queue.workBatches(
              WorkOptions.workers(1).batch(1),
              batch -> {
                batch.job(0).reject("reason " + EVIL + "\n\tat " + EVIL);
                rejected.countDown();
              });
      JobOptions options = JobOptions.NONE.header("h" + EVIL, "v" + EVIL);
      id = queue.submit(("payload " + EVIL).getBytes(StandardCharsets.UTF_8), options).toString();
      queue.submit(new byte[] {27, '[', '2', 'J', (byte) 0xC3, (byte) 0x9B, (byte) 0xFF}, options);
      // No control that would make it binary, but an override of direction.
      queue.submit("text \u202e\u200b".getBytes(StandardCharsets.UTF_8), options);
      rejected.await();
      workers.close();
    }
    Files.createDirectory(dir.resolve("queues/n" + EVIL));
  }

  private static void assertHarmless(Finished finished) {
    for (String text : List.of(finished.utf8(), finished.err())) {
      assertThat(text.replace("\r\n", "\n"))
          .doesNotContainPattern("(?![\\n\\t])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
    }
    assertThat(finished.err().lines()).as("forged lines").doesNotContain("bobbin: ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "json", "ndjson"})
  void everyCommandThatLooks(String form) throws Exception {
    for (List<String> command :
        List.of(
            List.of("dead", "list"),
            List.of("dead", "groups"),
            List.of("stats"),
            List.of("verify"),
            List.of("repair", "--dry-run"),
            List.of("doctor"))) {
      String[] words = words(command, "-o", form);
      Finished finished = Cli.call((Object[]) words);
      assertThat(finished.status()).as(command + finished.err()).isZero();
      assertThat(finished.utf8()).as(command.toString()).isNotBlank();
      assertHarmless(finished);
    }
    Finished shown = Cli.call("dead", "show", dir, id, "-o", form);
    assertThat(shown.utf8()).contains("payload");
    assertHarmless(shown);
  }

  private String[] words(List<String> command, String... more) {
    return java.util.stream.Stream.of(
            command.stream(),
            java.util.stream.Stream.of(dir.toString()),
            java.util.stream.Stream.of(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }

  @Test
  void everyLetterShown() throws Exception {
    for (Object letter : Cli.call("dead", "list", dir, "-o", "ndjson").objectPerLine()) {
      Finished shown = Cli.call("dead", "show", dir, Cli.members(letter).get("id"));
      assertThat(shown.status()).isZero();
      assertHarmless(shown);
    }
  }

  @Test
  void jsonKeepsWhatItEscapes() throws Exception {
    Finished shown = Cli.call("dead", "show", dir, id, "-o", "ndjson");
    assertThat(Cli.members(JSON.std.mapFrom(shown.utf8()).get("headers")))
        .containsEntry("h" + EVIL, "v" + EVIL);
  }

  @Test
  void everyCommandThatChanges() throws Exception {
    Path file = scratch.resolve("export" + EVIL.replace("/", ""));
    assertHarmless(Cli.call("dead", "export", dir));
    Finished exported = Cli.call("dead", "export", dir, "--to", file);
    assertThat(exported.status()).as(exported.err()).isZero();
    assertHarmless(exported);
    assertThat(Files.readString(file).replace("\n", ""))
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    assertHarmless(Cli.call("dead", "export", dir, "--to", file));
    assertHarmless(Cli.call("dead", "retry", dir, id));
    assertHarmless(Cli.call("dead", "purge", dir, "--error", "x" + EVIL, "--yes"));
    assertHarmless(Cli.call("dead", "purge", dir, "--all", "--yes"));
  }

  @Test
  void everyError() throws Exception {
    Path absent = scratch.resolve("absent" + EVIL.replace("/", ""));
    for (String command : List.of("stats", "verify", "repair", "doctor")) {
      assertFails(Cli.call(command, absent));
      assertFails(Cli.call(command, dir, "--verbose", "--o" + EVIL));
      assertFails(Cli.call(command, dir, "-o", EVIL));
    }
    assertFails(Cli.call("stats", dir, "--queue", EVIL));
    assertFails(Cli.call("stats", absent, "--verbose"));
    assertFails(Cli.call("dead", "list", dir, "--limit", EVIL));
    assertFails(Cli.call("dead", "show", dir, EVIL));
    assertFails(Cli.call("dead", "show", dir, "--queue", "q" + EVIL, id));
    assertFails(Cli.call("run", "--dir", absent, "--workers", EVIL, "--", "true"));
    assertFails(Cli.call("run", "--", "no such command " + EVIL));
    assertFails(Cli.call("bench", "--row", EVIL));
    assertFails(Cli.call(EVIL));
  }

  private static void assertFails(Finished finished) {
    assertThat(finished.status()).isNotZero();
    assertThat(finished.err()).isNotBlank();
    assertHarmless(finished);
  }

  @Test
  void damagesAndTheirFiles() throws Exception {
    Files.write(dir.resolve("queues/q/queue"), new byte[4096]);
    Files.writeString(dir.resolve("bobbin"), "marker " + EVIL);
    for (String form : List.of("table", "json", "ndjson")) {
      assertFails(Cli.call("verify", dir, "-o", form));
      assertFails(Cli.call("repair", dir, "--dry-run", "-o", form));
      assertFails(Cli.call("stats", dir, "-o", form));
    }
    assertHarmless(Cli.call("doctor", dir));
  }
}
