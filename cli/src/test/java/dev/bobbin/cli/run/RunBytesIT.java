package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs reach the command byte for byte, whatever the locale. */
class RunBytesIT {
  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({"C, args", "C.UTF-8, args", "C, stdin", "C.UTF-8, stdin"})
  void anyByteButTheDelimiterGoesThrough(String locale, String way) throws Exception {
    byte[] all = new byte[255];
    for (int i = 0; i < 255; i++) {
      all[i] = (byte) (i + 1);
    }
    String[] command =
        way.equals("args")
            ? new String[] {"run", "--null", "--", "printf", "%s\\0"}
            : new String[] {"run", "--null", "--stdin", "--", "cat"};
    Finished run = new Cli(scratch).environment("LC_ALL", locale).input(all).run(command);
    assertThat(run.status()).as(run.err()).isZero();
    byte[] expected = java.util.Arrays.copyOf(all, 256);
    assertThat(run.bytes()).isEqualTo(expected);
  }

  @Test
  void utf8FileNameIsFoundInThePlainLocale() throws Exception {
    // Made by the shell, since Java itself cannot name it in this locale.
    String name = "\u00fcber-\u65e5\u672c.txt";
    new Cli(scratch).in(scratch).runProgram("sh", "-c", "echo content > '" + name + "'");
    Finished run =
        new Cli(scratch)
            .in(scratch)
            .environment("LC_ALL", "C")
            .input(name + "\n")
            .run("run", "--", "cat");
    assertThat(run.out()).isEqualTo("content\n");
  }

  @Test
  void exitStatusSurvivesTheWayForBytes() throws Exception {
    Finished run =
        new Cli(scratch)
            .input(new byte[] {'a', (byte) 0xff})
            .run("run", "--attempts", "1", "sh", "-c", "exit 77");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("exit status 77");
  }

  @Test
  void batchIsSplitBeforeTheSystemsLimit() throws Exception {
    String line = "x".repeat(2000) + "\n";
    Finished run =
        new Cli(scratch)
            .input(line.repeat(4096))
            .run("run", "--workers=1", "--batch=4096", "sh", "-c", "echo $#", "sh");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.lines().stream().mapToInt(Integer::parseInt).sum()).isEqualTo(4096);
  }

  @Test
  void whatNoArgumentCanHoldIsSetAsideWithTheReason() throws Exception {
    String text = "ok\n" + "x".repeat(131_071) + "\nnul\0byte\n" + "y".repeat(131_070) + "\n";
    Finished run =
        new Cli(scratch)
            .input(text.getBytes(StandardCharsets.UTF_8))
            .run("run", "sh", "-c", "for i; do echo ${#i}; done", "sh");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines()).containsExactlyInAnyOrder("2", "131070");
    assertThat(run.err())
        .contains("131071 bytes are more than one argument may have (131070); use --stdin")
        .contains("nul?byte after 1 attempt: an argument cannot hold a NUL byte");
  }
}
