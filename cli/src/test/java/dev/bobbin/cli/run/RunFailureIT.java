package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands and input that fail. */
class RunFailureIT {
  @TempDir Path scratch;

  /** Notes each start with its arguments, and fails if 7 is among them. */
  private String failsWithSeven(Path log) throws Exception {
    return Cli.script(
        scratch,
        "echo \"$@\" >> " + log + "\nfor i; do [ \"$i\" = 7 ] && exit 3; done\necho \"$@\"");
  }

  @Test
  void badJobDoesNotTakeItsNeighboursDown() throws Exception {
    Path log = scratch.resolve("log");
    Path dir = scratch.resolve("dir");
    Finished run =
        new Cli(scratch)
            .input(Cli.numbers(1, 20))
            .run(
                ("run --workers 1 --batch 20 --backoff 10ms --attempts 4 --dir "
                        + dir
                        + " -- "
                        + failsWithSeven(log))
                    .split(" "));
    assertThat(run.status()).isEqualTo(3);
    List<String> done =
        run.lines().stream().flatMap(line -> List.of(line.split(" ")).stream()).toList();
    assertThat(done).doesNotHaveDuplicates().doesNotContain("7").hasSize(19);
    List<String> starts = Files.readAllLines(log);
    // The batch, the job alone at once, and then each attempt alone.
    assertThat(starts).filteredOn("7"::equals).hasSize(4);
    assertThat(starts)
        .filteredOn(line -> line.contains(" 7 ") || line.endsWith(" 7"))
        .hasSizeLessThan(2);
    assertThat(run.err())
        .contains("1 left as dead letters, kept in " + dir)
        .contains("7 after 4 attempts: exit status 3")
        .contains("19 done, 1 dead, 3 retried");
  }

  @Test
  void deadLettersOfEarlierRunsCountAsLeft() throws Exception {
    String dir = scratch.resolve("dir").toString();
    new Cli(scratch).input("a\n").run("run", "--dir", dir, "--attempts", "1", "false");
    Finished again = new Cli(scratch).input("b\n").run("run", "--dir", dir, "true");
    assertThat(again.status()).isEqualTo(3);
    assertThat(again.err()).contains("1 left as dead letters (1 from earlier runs)", "1 done");
  }

  @Test
  void retryWaitsForItsBackoffAndThenSucceeds() throws Exception {
    Path mark = scratch.resolve("mark");
    String secondTime =
        Cli.script(
            scratch, "date +%s%N; [ -e " + mark + " ] && exit 0; touch " + mark + "; exit 1");
    Finished run = new Cli(scratch).input("a\n").run("run", "--backoff", "800ms", "--", secondTime);
    assertThat(run.status()).isZero();
    // What a failed attempt has printed goes through too. The delay is 800 ms less at most a fifth.
    assertThat(run.lines()).hasSize(2);
    long waited = Long.parseLong(run.lines().get(1)) - Long.parseLong(run.lines().get(0));
    assertThat(waited).isGreaterThan(630_000_000L);
    assertThat(run.err()).contains("1 done, 0 dead, 1 retried");
  }

  @Test
  void missingCommandIsFoundBeforeInputIsRead() throws Exception {
    Path dir = scratch.resolve("dir");
    Finished run =
        new Cli(scratch)
            .inputFromPipe()
            .run("run", "--dir", dir.toString(), "--", "no-such-command-here");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("'no-such-command-here'", "PATH (", "no input was read");
    assertThat(dir).doesNotExist();
  }

  @Test
  void commandThatCannotBeExecutedIsNamed() throws Exception {
    Path file = Files.writeString(scratch.resolve("plain.txt"), "text");
    Finished run = new Cli(scratch).run("run", "--", file.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(file.toString(), "not executable");
    assertThat(new Cli(scratch).run("run", "--", scratch.toString()).err())
        .contains("it is a directory");
  }

  @Test
  void tooLongALineEndsTheInputAndLosesNothingBefore() throws Exception {
    String text = Cli.numbers(1, 50) + "x".repeat(Settings.MAX_JOB_BYTES + 1) + "\nlater\n";
    Finished run = new Cli(scratch).input(text).run("run", "--stdin", "--", "cat");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.lines()).hasSize(50).doesNotContain("later");
    assertThat(run.err())
        .contains("line 51 of the input", "(262144 bytes)", "50 jobs of the input were accepted");
  }

  @Test
  void longestLineGoesThrough() throws Exception {
    String line = "x".repeat(Settings.MAX_JOB_BYTES) + "\n";
    assertThat(new Cli(scratch).input(line).run("run", "--stdin", "cat").out()).isEqualTo(line);
  }

  @Test
  void brokenStandardOutputIsAnErrorAndAcksNothing() throws Exception {
    String dir = scratch.resolve("dir").toString();
    // The reader is gone before the first command has printed.
    String command =
        "%s -jar %s run --dir %s -- sh -c 'sleep 1; echo out'"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("bobbin.cli.jar"),
                dir);
    Finished run =
        new Cli(scratch)
            .input("a\n")
            .runProgram("bash", "-c", command + " | true; exit ${PIPESTATUS[0]}");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("cannot pass on what the command prints", "1 unfinished jobs are kept");
    Finished again = new Cli(scratch).run("run", "--dir", dir, "echo");
    assertThat(again.out()).isEqualTo("a\n");
    assertThat(again.err()).contains("recovered 1 unfinished jobs");
  }
}
