package dev.bobbin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash makes of the completion script. */
class CompletionIT {
  @TempDir Path scratch;

  @Test
  void bashCompletesCommandsOptionsAndValues() throws Exception {
    Finished script = new Cli(scratch).run("completion", "bash");
    assertThat(script.status()).isZero();
    Path file = Files.write(scratch.resolve("completion"), script.bytes());
    assertThat(complete(file, "")).contains("run", "stats", "dead", "doctor", "completion");
    assertThat(complete(file, "sta")).containsExactly("stats");
    assertThat(complete(file, "dead", "")).contains("list", "show", "groups", "retry", "purge");
    assertThat(complete(file, "dead", "exp")).containsExactly("export");
    assertThat(complete(file, "stats", "--q")).containsExactly("--queue");
    assertThat(complete(file, "doctor", "-o", "")).containsExactly("table", "json", "ndjson");
    assertThat(complete(file, "completion", "z")).containsExactly("zsh");
    assertThat(complete(file, "doctor", scratch.resolve("compl").toString()))
        .containsExactly(file.toString());
  }

  /** Asks as the shell does when the tab key is pressed behind the last of {@code words}. */
  private List<String> complete(Path script, String... words) throws Exception {
    // Without a key pressed, compopt has nothing to set and says so.
    String ask =
        "source \"$0\"; COMP_WORDS=(bobbin \"$@\"); COMP_CWORD=$#; _complete_bobbin 2>/dev/null;"
            + " printf '%s\\n' \"${COMPREPLY[@]}\"";
    List<String> command = new java.util.ArrayList<>(List.of("bash", "-c", ask, script.toString()));
    command.addAll(List.of(words));
    Finished asked = new Cli(scratch).runProgram(command.toArray(String[]::new));
    assertThat(asked.err()).isEmpty();
    return asked.lines();
  }
}
