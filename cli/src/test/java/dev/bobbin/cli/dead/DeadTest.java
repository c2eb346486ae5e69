package dev.bobbin.cli.dead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadTest {
  private static final byte[] BINARY = {0, 1, (byte) 0xFF, 'A', 27, '[', '2', 'J'};

  @TempDir Path scratch;
  private Path dir;
  private List<String> ids;

  @BeforeEach
  void fill() throws InterruptedException {
    dir = scratch.resolve("dir");
    ids =
        Graveyard.fill(
            dir,
            "mail",
            List.of(
                Map.entry("to: ada".getBytes(UTF_8), "time-out after 31 ms"),
                Map.entry("Zoë\n日本".getBytes(UTF_8), "time-out after 5 ms\n\tat Mailer:7"),
                Map.entry(BINARY, "evil \u001b[31m reason")));
  }

  private Finished dead(String command, Object... arguments) {
    List<Object> words = new ArrayList<>(List.of("dead", command, dir));
    words.addAll(List.of(arguments));
    return Cli.call(words.toArray());
  }

  private Finished done(String command, Object... arguments) {
    Finished finished = dead(command, arguments);
    assertThat(finished.status()).as(finished.err()).isEqualTo(ExitCode.OK);
    return finished;
  }

  @Test
  void listIsInTheOrderOfDeath() throws IOException {
    assertThat(done("list", "-o", "ndjson").objectPerLine())
        .extracting(letter -> letter.get("id"))
        .containsExactlyElementsOf(ids);
    Finished table = done("list");
    assertThat(table.err()).isEmpty();
    assertThat(table.utf8().lines()).hasSize(5);
    assertThat(table.utf8())
        .contains(ids.get(0), "time-out after 31 ms", "to: ada", "Zoë?日本", "evil ?[31m reason")
        .doesNotContain("\u001b");
  }

  @Test
  void listGoesOnAtItsCursor() throws IOException {
    Map<String, Object> page = JSON.std.mapFrom(done("list", "--limit", 2, "-o", "json").utf8());
    assertThat((List<?>) page.get("letters")).hasSize(2);
    Finished rest = done("list", "--after", page.get("nextCursor"), "-o", "json");
    assertThat(JSON.std.mapFrom(rest.utf8())).containsEntry("nextCursor", null);
    List<?> letters = (List<?>) JSON.std.mapFrom(rest.utf8()).get("letters");
    assertThat(letters).hasSize(1);
    assertThat(Cli.members(letters.get(0))).containsEntry("id", ids.get(2));
    assertThat(done("list", "--limit", 2).err())
        .contains("there are more: --after " + page.get("nextCursor"));
  }

  @Test
  void showPrintsTextAsText() {
    Finished shown = done("show", ids.get(1));
    assertThat(shown.utf8())
        .contains(
            "id         " + ids.get(1),
            "queue      mail",
            "attempts   1",
            "header     trace: a?[1mb\n",
            "reason     time-out after 5 ms\n           \tat Mailer:7\n",
            "payload    11 bytes\n\nZoë\n日本\n");
  }

  @Test
  void showDumpsWhatIsNotText() {
    assertThat(done("show", ids.get(2)).utf8())
        .contains("payload    8 bytes, not text")
        .contains("00000000  00 01 ff 41 1b 5b 32 4a                          |...A.[2J|")
        .doesNotContain("\u001b");
  }

  @Test
  void showAsJsonHasEverything() throws IOException {
    Map<String, Object> text = JSON.std.mapFrom(done("show", ids.get(1), "-o", "json").utf8());
    assertThat(text)
        .containsEntry("id", ids.get(1))
        .containsEntry("queue", "mail")
        .containsEntry("reason", "time-out after 5 ms\n\tat Mailer:7")
        .containsEntry("error", "time-out after # ms")
        .containsEntry("headers", Map.of("trace", "a\u001b[1mb"))
        .containsEntry("payloadText", "Zoë\n日本")
        .containsEntry("payloadBytes", 11)
        .containsKeys("attempts", "submittedAt", "diedAt");
    Finished binary = done("show", ids.get(2), "-o", "ndjson");
    assertThat(binary.out()).doesNotContain("\u001b");
    assertThat(JSON.std.mapFrom(binary.utf8()))
        .containsEntry("payloadText", null)
        .containsEntry("payloadBase64", Base64.getEncoder().encodeToString(BINARY))
        .containsEntry("reason", "evil \u001b[31m reason");
  }

  @Test
  void groupsCountWhatTheyDiedOf() throws IOException {
    List<Map<String, Object>> groups = done("groups", "-o", "json").objects();
    assertThat(groups).hasSize(2);
    assertThat(groups.get(0))
        .containsEntry("error", "time-out after # ms")
        .containsEntry("letters", 2)
        .containsEntry("others", false)
        .containsKeys("firstDiedAt", "lastDiedAt", "example");
    assertThat(done("groups").utf8()).contains("|       2 | time-out after # ms ", "evil ?[#m");
  }

  @Test
  void retriedLettersAreJobsAgain() {
    assertThat(done("retry", ids.get(0), ids.get(2)).out())
        .isEqualTo("2 retried, 1 dead letters left\n");
    assertThat(Graveyard.unfinished(dir, "mail")).isEqualTo(2);
    assertThat(Graveyard.dead(dir, "mail")).containsExactly("Zoë\n日本");
    assertThat(done("retry", "--all").out()).isEqualTo("1 retried, 0 dead letters left\n");
    assertThat(Graveyard.unfinished(dir, "mail")).isEqualTo(3);
  }

  @Test
  void retryTakesAnErrorAndARate() {
    long start = System.nanoTime();
    assertThat(done("retry", "--error", "time-out after # ms", "--rate", "20").out())
        .startsWith("2 retried, 1 ");
    assertThat(System.nanoTime() - start).isGreaterThan(40_000_000);
    assertThat(done("retry", ids.get(2), "--rate", "1e9").out()).startsWith("1 retried, 0 ");
  }

  @Test
  void missingLettersAreNamedAndTheOthersRetried() {
    String missing = ids.get(0) + "f";
    Finished retry = dead("retry", ids.get(0), missing);
    assertThat(retry.status()).isEqualTo(ExitCode.FAILED);
    assertThat(retry.err()).contains("there is no dead letter " + missing);
    assertThat(retry.out()).startsWith("1 retried, 2 ");
    Finished purge = dead("purge", ids.get(0), ids.get(1));
    assertThat(purge.status()).isEqualTo(ExitCode.FAILED);
    assertThat(purge.err()).contains("there is no dead letter " + ids.get(0));
    assertThat(purge.out()).startsWith("1 purged, 1 ");
    assertThat(dead("show", missing).status()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void purgedLettersAreGone() {
    assertThat(done("purge", "--error", "time-out after # ms", "--yes").out())
        .isEqualTo("2 purged, 1 dead letters left\n");
    assertThat(Graveyard.dead(dir, "mail")).hasSize(1);
    assertThat(done("purge", "--all", "-y").out()).isEqualTo("1 purged, 0 dead letters left\n");
    assertThat(Graveyard.dead(dir, "mail")).isEmpty();
    assertThat(Graveyard.unfinished(dir, "mail")).isZero();
    assertThat(done("list").err()).contains("no dead letters");
    assertThat(done("groups").err()).contains("no dead letters");
  }

  @Test
  void exportHoldsEveryByte() throws IOException {
    List<Map<String, Object>> letters = done("export").objectPerLine();
    assertThat(letters).extracting(letter -> letter.get("id")).containsExactlyElementsOf(ids);
    assertThat(letters.get(2))
        .containsEntry("payloadBase64", Base64.getEncoder().encodeToString(BINARY))
        .containsEntry("payloadText", null);
    assertThat(letters.get(0)).containsEntry("payloadText", "to: ada");
    assertThat(Graveyard.dead(dir, "mail")).as("they stay").hasSize(3);
  }

  @Test
  void exportMakesAPrivateFileAndReplacesNone() throws IOException {
    Path file = scratch.resolve("export.ndjson");
    assertThat(done("export", "--to", file).err()).contains("3 dead letters written to " + file);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(file).hasContent(done("export").utf8());
    Files.writeString(file, "precious");
    Finished again = dead("export", "--to", file);
    assertThat(again.status()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).contains(file + " is there already", "--force");
    assertThat(file).hasContent("precious");
    done("export", "--to", file, "--force");
    assertThat(Files.readAllLines(file)).hasSize(3);
    assertThat(scratch.toFile().list()).containsExactlyInAnyOrder("dir", "export.ndjson");
  }

  @Test
  void exportGoesOnlyWhereAFileCanBe() {
    assertThat(dead("export", "--to", dir, "--force").err()).contains("is there and no file");
    assertThat(dead("export", "--to", scratch.resolve("no/where")).err())
        .contains("there is no folder");
  }

  @Test
  void queueIsNamedWhereThereAreSeveral() throws Exception {
    Graveyard.fill(dir, "fax", List.of(Map.entry("x".getBytes(UTF_8), "no paper")));
    Finished list = dead("list");
    assertThat(list.status()).isEqualTo(ExitCode.FAILED);
    assertThat(list.err()).contains("name one with --queue; there are: fax, mail");
    assertThat(done("list", "--queue", "fax").out()).contains("no paper");
  }

  @Test
  void wrongCommandLinesChangeNothing() {
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("purge", dir),
            List.of("purge", dir, ids.get(0), "--all"),
            List.of("retry", dir, "--all", "--error", "x"),
            List.of("retry", dir, "not-an-id"),
            List.of("retry", dir, "--all", "--rate", "0"),
            List.of("list", dir, "--limit", "0"),
            List.of("list", dir, "--after", "-1"),
            List.of("list", dir, "-o", "xml"),
            List.of("show", dir),
            List.of("export", dir, "--force"),
            List.of())) {
      List<Object> all = new ArrayList<>(List.of("dead"));
      all.addAll(words);
      Finished wrong = Cli.call(all.toArray());
      assertThat(wrong.status()).as("%s: %s", words, wrong.err()).isEqualTo(ExitCode.USAGE);
      assertThat(wrong.out()).isEmpty();
    }
    assertThat(Graveyard.dead(dir, "mail")).hasSize(3);
  }
}
