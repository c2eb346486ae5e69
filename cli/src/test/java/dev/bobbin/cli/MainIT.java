package dev.bobbin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli.Finished;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainIT {
  private static final String ESCAPE = "\u001b";

  @TempDir Path scratch;

  @Test
  void helpNamesTheCommands() throws Exception {
    Finished help = new Cli(scratch).run("--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("run", "bench", "--no-color", "NO_COLOR");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void versionIsTheJars() throws Exception {
    assertThat(new Cli(scratch).run("--version").out()).matches("bobbin \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dance",
        "--dance",
        "run",
        "run --workers 0 true",
        "run --workers 1025 true",
        "run --batch 4097 true",
        "run --attempts 0 true",
        "run --backoff 5 true",
        "run --backoff 9999999999d true",
        "run --backoff 2s --max-backoff 1s true",
        "bench --row nothing",
        "bench --rounds 0",
        "bench --seconds 0",
        "bench -o xml",
        "bench --against",
        "bench --curves=payload",
      })
  void wrongCommandLineIsStatus2(String arguments) throws Exception {
    Finished wrong =
        new Cli(scratch).run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).startsWith("bobbin: ").contains("--help'.").doesNotContain("\tat ");
  }

  @Test
  void wrongOptionIsNamedWithValueAndRange() throws Exception {
    assertThat(new Cli(scratch).run("run", "--workers", "0", "true").err())
        .contains("--workers must be from 1 to 1024, found 0");
    assertThat(new Cli(scratch).run("run", "--backoff", "5x", "true").err())
        .contains("--backoff", "'5x'", "500ms");
  }

  @Test
  void colorsComeAndGo() throws Exception {
    assertThat(help("CLICOLOR_FORCE", "1").out()).contains(ESCAPE);
    assertThat(help("NO_COLOR", "1").out()).doesNotContain(ESCAPE);
    Finished plain =
        new Cli(scratch).environment("CLICOLOR_FORCE", "1").run("--no-color", "run", "--help");
    assertThat(plain.out()).contains("--batch").doesNotContain(ESCAPE);
  }

  private Finished help(String name, String value) throws Exception {
    return new Cli(scratch)
        .environment("CLICOLOR_FORCE", "1")
        .environment(name, value)
        .run("run", "--help");
  }

  @Test
  void errorShowsItsOriginOnlyWhenAskedFor() throws Exception {
    String[] failing = {"run", "--", "/no/such/command"};
    assertThat(new Cli(scratch).run(failing).err()).doesNotContain("\tat ");
    assertThat(new Cli(scratch).environment("BOBBIN_DEBUG", "1").run(failing).err())
        .contains("\tat ");
    assertThat(new Cli(scratch).run("--verbose", "run", "--", "/no/such/command").err())
        .contains("\tat ");
  }
}
