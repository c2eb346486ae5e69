package dev.bobbin.torture.races;

import dev.bobbin.torture.Jvm;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jcstress.Main;

/**
 * jcstress in a child process, which starts a JVM for each configuration: a test, how its actors
 * are compiled, on which processors they run, and what the JVM's optimiser is told to shuffle.
 */
final class Jcstress {
  /** A test that says nothing for so long has lost a wake-up for which it had no limit. */
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final Pattern RESULT =
      Pattern.compile("\\s*\\.+ \\[([A-Z ]+)\\] (dev\\.bobbin\\.\\S+)");
  private static final Pattern OUTCOME =
      Pattern.compile("\\s*(\\S.*?)\\s+([\\d,]+)\\s+<?[\\d.]+%\\s+([A-Z]\\w+)\\s+(.*)");
  private static final Pattern PLANNED = Pattern.compile("\\(Results: (\\d+) planned; .*");

  private final Report report;
  private final boolean quick;
  private final String only;
  private final Set<String> tests = new HashSet<>();
  private final Set<String> timedOut = new HashSet<>();
  private long results;
  private String test = "";
  private boolean over;

  Jcstress(Report report, boolean quick, String only) {
    this.report = report;
    this.quick = quick;
    this.only = only;
  }

  /** Runs until all is done, or {@code nanos} after the first result. */
  void run(long nanos) throws IOException, InterruptedException {
    report.count("tests", 0);
    report.count("configurations", 0);
    boolean ended = false;
    try (Child child = new Child(command(), Target.folder("jcstress"), "jcstress.log")) {
      long deadline = Long.MAX_VALUE;
      long heard = System.nanoTime();
      // The last result comes after the deadline, so that a test that hangs then is not missed.
      for (long before = 0; !ended && (results == before || heard < deadline); ) {
        before = results;
        String line = child.line(SILENCE_NANOS - (System.nanoTime() - heard));
        if (line == null) {
          report.fault("jcstress has said nothing for 10 minutes: see target/jcstress");
          return;
        }
        ended = line.equals(Child.END);
        read(line);
        if (results > before) {
          heard = System.nanoTime();
          deadline = results == 1 ? heard + nanos : deadline;
        }
      }
      if (ended && child.exitCode() != 0 && report.isClean()) {
        report.fault("jcstress ended with " + child.exitCode() + ": see target/jcstress");
      }
    }
    report.count("tests", tests.size());
    if (results == 0) {
      report.fault("jcstress ran no test: see target/jcstress");
    }
  }

  private List<String> command() {
    List<String> args = new ArrayList<>(List.of("-t", only, "-r", "report", "-v"));
    // A state is a whole ring. So fewer of them at once than jcstress would have.
    args.addAll(List.of("-strideSize", "512", "-strideCount", "5"));
    if (quick) {
      args.addAll(List.of("-m", "quick", "-f", "1", "-iters", "1", "-time", "100"));
      args.addAll(List.of("-sc", "false", "-af", "NONE"));
      args.addAll(List.of("-jvmArgs", "-Xmx512m -XX:+UseSerialGC -XX:-RestrictContended"));
    } else {
      args.addAll(List.of("-m", "default", "-f", "1", "-fsm", "1", "-iters", "2", "-time", "300"));
    }
    return Jvm.command(List.of("-Xmx512m", "-XX:-RestrictContended"), Main.class, args);
  }

  /** The summary at the end repeats what was said before. */
  private void read(String line) {
    over |= line.startsWith("RUN RESULTS");
    if (over) {
      return;
    }
    Matcher planned = PLANNED.matcher(line);
    if (planned.matches()) {
      report.max("configurations planned", Long.parseLong(planned.group(1)));
    }
    Matcher result = RESULT.matcher(line);
    if (result.matches()) {
      result(result.group(1), result.group(2));
    }
    Matcher outcome = OUTCOME.matcher(line);
    if (outcome.matches() && !test.isEmpty()) {
      outcome(outcome);
    }
  }

  private void result(String verdict, String name) {
    test = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    tests.add(test);
    results++;
    report.count("configurations");
    report.count("errors", 0);
    report.count("forbidden", 0);
    if (verdict.equals("TIMEOUT")) {
      // Half a minute without an end: a wake-up that was lost, or a machine that is far too busy.
      report.count("timeouts");
      if (!timedOut.add(test) || !quick) {
        report.fault(test + " did not end: see target/jcstress/jcstress.log");
      }
    } else if (verdict.equals("ERROR")) {
      report.count("errors");
      report.fault(test + " could not be run: see target/jcstress/jcstress.log");
    } else if (!verdict.equals("OK")) {
      report.fault(test + ": " + verdict + ", see target/jcstress/jcstress.log");
    }
  }

  private void outcome(Matcher outcome) {
    long samples = Long.parseLong(outcome.group(2).replace(",", ""));
    report.count("samples", samples);
    if (outcome.group(3).equals("Forbidden")) {
      report.count("forbidden", samples);
      if (samples > 0) {
        report.fault(test + " saw " + outcome.group(1) + ": " + outcome.group(4));
      }
    }
  }
}
