package dev.bobbin.torture.races;

import dev.bobbin.races.Linearizability;
import dev.bobbin.torture.Jvm;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lincheck in a child process, because it rewrites the classes that it looks at. */
final class Lincheck {
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(30);

  /** What it looks into: its model of memory follows references through the JDK's classes. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.ref",
          "java.nio",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks",
          "java.util.function",
          "java.util.zip",
          "jdk.internal.misc",
          "jdk.internal.ref",
          "sun.nio.ch");

  private final Report report;

  Lincheck(Report report) {
    this.report = report;
  }

  void run(int scenarios, int runs) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("-Xmx1g"));
    OPENED.forEach(room -> options.add("--add-opens=java.base/" + room + "=ALL-UNNAMED"));
    List<String> args = List.of(String.valueOf(scenarios), String.valueOf(runs));
    List<String> command = Jvm.command(options, Linearizability.class, args);
    report.count("specifications", 0);
    report.count("scenarios", 0);
    try (Child child = new Child(command, Target.folder("lincheck"), "lincheck.log")) {
      String line;
      do {
        line = child.line(SILENCE_NANOS);
        if (line == null) {
          report.fault("Lincheck has said nothing for 30 minutes: see target/lincheck");
          return;
        }
        read(line, scenarios);
      } while (!line.equals(Child.END));
      if (child.exitCode() != 0 && report.isClean()) {
        report.fault("Lincheck ended with " + child.exitCode() + ": see target/lincheck");
      }
    }
    if (report.figure("specifications") == 0) {
      report.fault("Lincheck ran no specification: see target/lincheck");
    }
  }

  private void read(String line, int scenarios) {
    if (line.startsWith("HOLDS ") || line.startsWith("BROKEN ")) {
      report.count("specifications");
      report.count("scenarios", scenarios);
    }
    if (line.startsWith("BROKEN ")) {
      report.fault(line + ": see target/lincheck/lincheck.log");
    }
  }
}
