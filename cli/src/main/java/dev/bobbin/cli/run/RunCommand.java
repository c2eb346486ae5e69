package dev.bobbin.cli.run;

import dev.bobbin.RetryPolicy;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of {@code bobbin run}, and what is wrong with them. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "bobbin run [OPTION]... [--] COMMAND [ARG]...",
    header = {"A durable xargs: each line of standard input is a job for COMMAND.", ""},
    description = {
      "",
      "Starts COMMAND with a batch of jobs as further arguments. Exit status 0 finishes the batch. "
          + "A batch that fails is tried again at once, job by job; what then fails is tried again "
          + "later, alone, and set aside as a dead letter when its attempts are used up.",
      "",
      "What COMMAND prints is passed on whole when it ends, also when it fails. Empty lines are "
          + "skipped. A job may be done twice if bobbin dies in the middle of it, never lost with "
          + "--dir.",
      "",
      "A first Ctrl-C (or SIGTERM) lets the running commands finish and stops; a second one kills "
          + "them. With --dir, 'bobbin run --dir DIR ... < /dev/null' goes on with what is left.",
      ""
    },
    footer = {
      "",
      "DURATION is a number with a unit: 500ms, 2s, 5m, 1h, 1d.",
      "",
      "Exit status: 0 all jobs done, 3 jobs are left as dead letters, 2 wrong command line, 4 DIR "
          + "is damaged, 5 another process holds it, 1 any other error, Ctrl-C included.",
      "",
      "Example: find . -type f | bobbin run --dir /tmp/hashes --batch 200 -- sha256sum"
    })
public final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Keep the jobs in DIR; without it they live and die with this process.")
  private @Nullable Path dir;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Commands at a time, 1 to 1024; as many as there are processors by default.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Most jobs for one command, 1 to 4096; ${DEFAULT-VALUE} by default.")
  private int batch = 100;

  @Option(
      names = {"-0", "--null"},
      description = "Jobs end with a NUL byte instead of a newline, also with --stdin.")
  private boolean nul;

  @Option(
      names = "--stdin",
      description = "Hand the jobs over as lines on COMMAND's standard input.")
  private boolean stdin;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      description = "Times a job may fail, 1 to 65535; ${DEFAULT-VALUE} by default.")
  private int attempts = 3;

  @Option(
      names = "--backoff",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Wait after the first failure, doubled with each further one; 1s by default.")
  private Duration backoff = Duration.ofSeconds(1);

  @Option(
      names = "--max-backoff",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "The longest wait; 5m by default, or --backoff if that is longer.")
  private @Nullable Duration maxBackoff;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress and no summary; errors are still said.")
  private boolean quiet;

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The command to start, with arguments that go before the jobs.")
  private List<String> command = new ArrayList<>();

  /** Made by picocli. */
  public RunCommand() {}

  @Override
  public Integer call() throws Exception {
    Settings settings = settings();
    // System.out would swallow a broken pipe.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    return new Run(settings, new Terminal(out, System.err)).call();
  }

  private Settings settings() {
    inRange("--workers", workers, 1024);
    inRange("--batch", batch, 4096);
    inRange("--attempts", attempts, 65_535);
    Duration longest = maxBackoff == null ? longer(backoff, Duration.ofMinutes(5)) : maxBackoff;
    if (longest.compareTo(backoff) < 0) {
      throw wrong("--max-backoff must not be shorter than --backoff");
    }
    for (String word : command) {
      if (word.indexOf('\uFFFD') >= 0) {
        throw wrong(
            "'" + word + "' has bytes that Java cannot read in this locale; set LC_ALL=C.UTF-8");
      }
    }
    RetryPolicy retry = RetryPolicy.exponential(backoff).upTo(longest).attempts(attempts);
    return new Settings(dir, workers, batch, nul ? 0 : (byte) '\n', stdin, retry, quiet, command);
  }

  private void inRange(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw wrong(option + " must be from 1 to " + max + ", found " + value);
    }
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
