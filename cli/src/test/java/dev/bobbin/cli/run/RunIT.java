package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.Cli.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bobbin run} does when nothing dies. */
class RunIT {
  @TempDir Path scratch;

  @Test
  void everyLineBecomesAnArgument() throws Exception {
    Finished run =
        new Cli(scratch)
            .input("a b\n\n'quoted'\n\\back\n$HOME *\n-n\nlast")
            .run("run", "--batch", "2", "--", "printf", "[%s]\\n");
    assertThat(run.status()).isZero();
    assertThat(run.lines())
        .containsExactlyInAnyOrder(
            "[a b]", "['quoted']", "[\\back]", "[$HOME *]", "[-n]", "[last]");
    assertThat(run.err()).contains("6 done, 0 dead", "in memory");
  }

  @Test
  void wordsAfterTheCommandAreItsOwn() throws Exception {
    Finished run = new Cli(scratch).input("x\n").run("run", "echo", "--batch", "@y", "--no-color");
    assertThat(run.lines()).containsExactly("--batch @y --no-color x");
  }

  @Test
  void batchIsNeverLargerThanAsked() throws Exception {
    Finished run =
        new Cli(scratch)
            .input(Cli.numbers(1, 1000))
            .run("run", "--batch", "30", "--", "sh", "-c", "echo $#", "sh");
    assertThat(run.lines().stream().mapToInt(Integer::parseInt).sum()).isEqualTo(1000);
    assertThat(run.lines()).allSatisfy(n -> assertThat(Integer.parseInt(n)).isLessThan(31));
  }

  @Test
  void nulEndsJobsThatHoldNewlines() throws Exception {
    Finished run = new Cli(scratch).input("a\nb\0c\0\0d").run("run", "--null", "printf", "[%s]");
    assertThat(run.out().replaceAll("\\]\\[", "],[").split(","))
        .containsExactlyInAnyOrder("[a\nb]", "[c]", "[d]");
  }

  @Test
  void stdinGetsTheJobsAsLines() throws Exception {
    Finished run = new Cli(scratch).input(Cli.numbers(1, 5000)).run("run", "--stdin", "--", "cat");
    assertThat(run.status()).isZero();
    assertThat(run.lines())
        .containsExactlyInAnyOrderElementsOf(Cli.numbers(1, 5000).lines().toList());
    Finished nul =
        new Cli(scratch).input("a\nb\0c").run("run", "--stdin", "--null", "--workers=1", "cat");
    assertThat(nul.out()).isEqualTo("a\nb\0c\0");
  }

  @Test
  void commandThatReadsNothingIsJudgedByItsStatus() throws Exception {
    Finished run =
        new Cli(scratch)
            .input(Cli.numbers(1, 100_000))
            .run("run", "--stdin", "--batch=4096", "true");
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("100,000 done");
  }

  @Test
  void argumentsCommandHasEmptyStandardInput() throws Exception {
    Finished run = new Cli(scratch).input("a\nb\n").run("run", "sh", "-c", "cat; echo end");
    assertThat(run.lines()).isNotEmpty().containsOnly("end");
  }

  /**
   * Every batch prints its own mark 30,000 times; the reader begins late, so that all workers have
   * to wait for it.
   */
  @Test
  void outputOfTwoWorkersIsNeverMixed() throws Exception {
    String chatty = Cli.script(scratch, "yes $$ | head -n 30000; yes e$$ | head -n 30000 >&2");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        (java + " -jar " + System.getProperty("bobbin.cli.jar"))
            + (" run -q --workers 4 --batch 4 -- " + chatty);
    Finished run =
        new Cli(scratch)
            .input(Cli.numbers(1, 100))
            .runProgram("sh", "-c", command + " | { sleep 2; cat; }");
    assertThat(runsOf(run.lines())).hasSizeGreaterThan(20).containsOnly(30_000);
    assertThat(runsOf(run.err().lines().toList())).hasSizeGreaterThan(20).containsOnly(30_000);
  }

  /** The lengths of stretches of equal lines. */
  private static List<Integer> runsOf(List<String> lines) {
    List<Integer> lengths = new ArrayList<>();
    String before = "";
    for (String line : lines) {
      if (line.equals(before)) {
        lengths.set(lengths.size() - 1, lengths.get(lengths.size() - 1) + 1);
      } else {
        lengths.add(1);
      }
      before = line;
    }
    return lengths;
  }

  @Test
  void largeOutputGoesThroughWhole() throws Exception {
    Finished run =
        new Cli(scratch).input("1\n").run("run", "--", "sh", "-c", "yes | head -c 20000000");
    assertThat(run.bytes()).hasSize(20_000_000);
  }

  @Test
  void outputOpenedOnceMoreLosesNothing() throws Exception {
    String twice = "echo 1; echo 2 > /dev/stdout; echo 3; echo e1 >&2; echo e2 > /dev/stderr";
    Finished run = new Cli(scratch).input("x\n").run("run", "-q", "sh", "-c", twice);
    assertThat(run.lines()).containsExactly("1", "2", "3");
    assertThat(run.err().lines()).containsExactly("e1", "e2");
  }

  @Test
  void processLeftBehindHoldsNobodyUp() throws Exception {
    Finished run = new Cli(scratch).input("1\n").run("run", "sh", "-c", "sleep 300 & echo $!");
    assertThat(run.status()).isZero();
    ProcessHandle.of(Long.parseLong(run.lines().get(0))).ifPresent(ProcessHandle::destroy);
  }

  @Test
  void quietSaysNothing() throws Exception {
    Path dir = scratch.resolve("dir");
    Finished run = new Cli(scratch).input("a\n").run("run", "-q", "--dir", dir.toString(), "echo");
    assertThat(run.out()).isEqualTo("a\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void progressIsALineWhereThereIsNoTerminal() throws Exception {
    // The first five commands end at once, the others when the line was seen.
    Path gate = scratch.resolve("gate");
    String waits = "[ $1 -le 50 ] || while [ ! -e " + gate + " ]; do sleep 0.02; done";
    Running run =
        new Cli(scratch)
            .input(Cli.numbers(1, 100))
            .start("run", "--workers=1", "--batch=10", Cli.script(scratch, waits));
    run.awaitErr(" left, about ");
    Files.createFile(gate);
    assertThat(run.finish().err())
        .containsPattern(
            "bobbin: \\d+ done, \\d+/s, \\d+ in flight, 0 retrying, 0 dead, \\d+ left, about \\d+ s")
        .doesNotContain("\r")
        .doesNotContain("\u001b");
  }

  @Test
  void barIsDrawnOnATerminal() throws Exception {
    Path typescript = scratch.resolve("typescript");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        "echo x | "
            + (java + " -jar " + System.getProperty("bobbin.cli.jar"))
            + " run -- "
            + Cli.script(
                scratch, "until grep -q 'in flight' " + typescript + "; do sleep 0.1; done");
    new Cli(scratch).runProgram("script", "-qefc", command, typescript.toString());
    assertThat(Files.readString(typescript))
        .contains("\r\u001b[Kbobbin")
        .contains("in flight, 0 retrying, 0 dead")
        .contains("1 done, 0 dead")
        .doesNotContain("WARNING");
  }
}
