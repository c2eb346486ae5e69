package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.Cli.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Death and restart, and the two kinds of Ctrl-C. */
class RunCrashIT {
  private static final int JOBS = 2000;

  @TempDir Path scratch;

  private Running start(String script) throws IOException {
    return new Cli(scratch)
        .input(Cli.numbers(1, JOBS))
        .start("run", "--dir", dir(), "--workers", "2", "--batch", "20", "--", script);
  }

  private String dir() {
    return scratch.resolve("dir").toString();
  }

  private Finished goOn(String script) throws Exception {
    return new Cli(scratch).run("run", "--dir", dir(), "--batch", "200", "--", script);
  }

  /** Notes each job that it was given in a file, beyond the reach of the process under test. */
  private String noting(Path log, String then) throws IOException {
    return Cli.script(scratch, "printf '%s\\n' \"$@\" >> " + log + "\n" + then);
  }

  private static List<String> linesOf(Path log) {
    try {
      return Files.exists(log) ? Files.readAllLines(log) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Jobs are accepted in their order, so the first ones are those that must be done. */
  private static void assertDone(List<String> done, long accepted) {
    Set<String> all = new HashSet<>(Cli.numbers(1, (int) accepted).lines().toList());
    assertThat(new HashSet<>(done)).isEqualTo(all);
  }

  /** A signal may come before all input was read. */
  private static long accepted(Finished stopped) {
    Matcher said =
        Pattern.compile("([0-9,]+) jobs of the input were accepted").matcher(stopped.err());
    assertThat(said.find()).as(stopped.err()).isTrue();
    return Long.parseLong(said.group(1).replace(",", ""));
  }

  private static long recovered(Finished run) {
    Matcher said =
        Pattern.compile("recovered (\\d+) unfinished jobs \\((\\d+) ready, (\\d+) delayed\\)")
            .matcher(run.err());
    assertThat(said.find()).as(run.err()).isTrue();
    long count = Long.parseLong(said.group(1));
    assertThat(count).isEqualTo(Long.parseLong(said.group(2)) + Long.parseLong(said.group(3)));
    return count;
  }

  @Test
  void killedHalfWayItGoesOnWithWhatIsLeft() throws Exception {
    Path log = scratch.resolve("log");
    Path gate = scratch.resolve("gate");
    String waits = "while [ ! -e " + gate + " ]; do sleep 0.02; done";
    String script = noting(log, "[ $(wc -l < " + log + ") -lt 1000 ] || " + waits);
    Running run = start(script);
    run.await("half of the jobs", () -> linesOf(log).size() >= JOBS / 2);
    // All input was accepted, and commands are at work.
    run.awaitErr(" left, about ");
    run.signal("KILL");
    run.finish();
    Files.createFile(gate);
    int before = new HashSet<>(linesOf(log)).size();
    assertThat(before).isLessThan(JOBS);

    Finished again = goOn(script);
    assertThat(again.status()).as(again.err()).isZero();
    long recovered = recovered(again);
    assertThat(recovered).isBetween(JOBS - before + 1L, JOBS - 1L);
    assertThat(again.err()).contains(Snapshot.say("%,d done", recovered));
    assertDone(linesOf(log), JOBS);
    // Only the batches in hand at the kill, and what had ended in the moment before, come twice.
    assertThat(linesOf(log).size()).isLessThan(JOBS + 400);
    assertThat(goOn(script).err()).contains("0 done").doesNotContain("recovered");
  }

  @Test
  void firstSignalFinishesTheCommandsInHand() throws Exception {
    for (String signal : List.of("INT", "TERM")) {
      Path log = scratch.resolve("log" + signal);
      Path ended = scratch.resolve("ended" + signal);
      Path gate = scratch.resolve("gate" + signal);
      String script =
          noting(
              log,
              "while [ ! -e "
                  + gate
                  + " ]; do sleep 0.02; done\nprintf '%s\\n' \"$@\" >> "
                  + ended);
      Running run = start(script);
      run.await("two commands", () -> linesOf(log).size() >= 2);
      run.signal(signal);
      run.awaitErr("Ctrl-C again stops at once");
      assertThat(run.alive()).isTrue();
      Files.createFile(gate);
      Finished stopped = run.finish();
      assertThat(stopped.status()).isEqualTo(1);
      // Whatever was begun was ended, and nothing else was begun.
      List<String> done = linesOf(ended);
      assertThat(done).containsExactlyInAnyOrderElementsOf(linesOf(log));
      long left = accepted(stopped) - done.size();
      assertThat(stopped.err())
          .contains(Snapshot.say("%,d unfinished jobs are kept in ", left))
          .contains("< /dev/null");
      Finished again = goOn(script);
      assertThat(again.status()).isZero();
      assertThat(recovered(again)).isEqualTo(left);
      assertThat(linesOf(ended)).doesNotHaveDuplicates();
      assertDone(linesOf(ended), accepted(stopped));
    }
  }

  /** A terminal signals the whole group of processes, the commands too. */
  @Test
  void commandDoesNotDieOfTheTerminalsCtrlC() throws Exception {
    Path log = scratch.resolve("log");
    Path gate = scratch.resolve("gate");
    String script =
        noting(log, "kill -INT $$\nwhile [ ! -e " + gate + " ]; do sleep 0.02; done\necho ended");
    Running run = start(script);
    run.await("two commands", () -> linesOf(log).size() >= 2);
    run.signal("INT");
    run.awaitErr("Ctrl-C again stops at once");
    Files.createFile(gate);
    Finished stopped = run.finish();
    assertThat(stopped.lines()).isNotEmpty().containsOnly("ended");
    assertThat(stopped.err()).contains("0 dead, 0 retried");
  }

  @Test
  void commandKilledWhileStoppingCostsNoAttempt() throws Exception {
    Path pids = scratch.resolve("pids");
    String script = Cli.script(scratch, "echo $$ >> " + pids + "\nexec sleep 300");
    Running run =
        new Cli(scratch)
            .input(Cli.numbers(1, JOBS))
            .start("run", "--dir", dir(), "--workers", "2", "--batch", "1", "--", script);
    run.await("two commands", () -> linesOf(pids).size() == 2);
    run.signal("TERM");
    run.awaitErr("Ctrl-C again stops at once");
    // As a service manager does, which signals everything that it started.
    for (String pid : linesOf(pids)) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroy);
    }
    Finished stopped = run.finish();
    assertThat(stopped.err()).contains("0 done, 0 dead, 0 retried");
    Path second = scratch.resolve("second");
    Finished again = goOn(noting(second, ""));
    assertThat(recovered(again)).isEqualTo(accepted(stopped));
    assertDone(linesOf(second), accepted(stopped));
  }

  @Test
  void secondSignalStopsAtOnceAndTakesTheCommandsAlong() throws Exception {
    Path pids = scratch.resolve("pids");
    Running run = start(Cli.script(scratch, "echo $$ >> " + pids + "\nexec sleep 300"));
    run.await("two commands", () -> linesOf(pids).size() == 2);
    run.signal("INT");
    run.awaitErr("Ctrl-C again stops at once");
    run.signal("INT");
    assertThat(run.finish().status()).isEqualTo(1);
    for (String pid : linesOf(pids)) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(p -> p.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }
    Path log = scratch.resolve("log");
    Finished again = goOn(noting(log, ""));
    assertDone(linesOf(log), recovered(again));
  }

  @Test
  void stopInMemorySaysThatJobsAreLost() throws Exception {
    Path pids = scratch.resolve("pids");
    String script = Cli.script(scratch, "echo $$ >> " + pids + "\nsleep 0.5");
    Running run =
        new Cli(scratch)
            .input(Cli.numbers(1, JOBS))
            .start("run", "--batch", "1", "--workers", "1", "--", script);
    run.await("a command", () -> !linesOf(pids).isEmpty());
    run.signal("TERM");
    Finished stopped = run.finish();
    assertThat(stopped.status()).isEqualTo(1);
    assertThat(stopped.err()).contains("are lost: without --dir nothing is kept");
  }
}
