package dev.bobbin.cli.dead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be undone is asked about. */
class PurgeIT {
  @TempDir Path scratch;
  private Path dir;

  @BeforeEach
  void fill() throws InterruptedException {
    dir = scratch.resolve("dir");
    Graveyard.fill(dir, "q", List.of(Map.entry("job".getBytes(UTF_8), "reason")));
  }

  @Test
  void personOnATerminalIsAsked() throws Exception {
    String no = answer("no");
    assertThat(no).contains("Purge all 1 dead letters of q? Type yes: ", "nothing was purged");
    assertThat(Graveyard.dead(dir, "q")).hasSize(1);
    assertThat(answer("yes")).contains("1 purged, 0 dead letters left");
    assertThat(Graveyard.dead(dir, "q")).isEmpty();
  }

  private String answer(String word) throws Exception {
    Path typescript = scratch.resolve("typescript");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        java + " -jar " + System.getProperty("bobbin.cli.jar") + " dead purge " + dir + " --all";
    new Cli(scratch)
        .input(word + "\n")
        .runProgram("script", "-qec", command, typescript.toString());
    return Files.readString(typescript);
  }

  @Test
  void scriptHasToSayYes() throws Exception {
    for (List<String> which : List.of(List.of("--all"), List.of("--error", "reason"))) {
      List<String> words = new java.util.ArrayList<>(List.of("dead", "purge", dir.toString()));
      words.addAll(which);
      Finished purge = new Cli(scratch).run(words.toArray(String[]::new));
      assertThat(purge.status()).isEqualTo(ExitCode.USAGE);
      assertThat(purge.err()).contains("--yes");
    }
    assertThat(Graveyard.dead(dir, "q")).hasSize(1);
  }
}
