package dev.bobbin.cli.doctor;

import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import dev.bobbin.cli.output.Plain;
import dev.bobbin.cli.output.Printer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bobbin doctor}: runs the checks and says what to do. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Looks whether a directory lies well.", ""},
    description = {
      "",
      "File system, free space, permissions, owner, links, who holds it, how long the disk takes to "
          + "force a block, and limits of the machine. Changes nothing; writes 200 KiB into a file "
          + "of its own, which it removes. Works beside a process that holds the directory.",
      ""
    },
    footer = {"", "Exit status: 0 nothing fails, 1 something fails, 2 wrong command line."})
public final class DoctorCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A directory of Bobbin.")
  private Path dir = Path.of("");

  @Mixin private Output output = new Output();

  /** Made by picocli. */
  public DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = look(dir);
    output.print(Finding.COLUMNS, findings);
    if (output.format() == Output.Format.TABLE) {
      Printer printer = output.printer();
      findings.stream()
          .filter(finding -> !finding.advice().isEmpty())
          .map(finding -> "\n" + Plain.line(finding.check() + ": " + finding.advice()))
          .forEach(printer::line);
      printer.flush();
    }
    boolean fails = findings.stream().anyMatch(finding -> finding.level() == Level.FAIL);
    return fails ? ExitCode.FAILED : ExitCode.OK;
  }

  private static List<Finding> look(Path dir) throws IOException {
    Queues queues = Queues.look(dir);
    Site site = Site.of(dir, queues.holder());
    List<Finding> findings = new ArrayList<>(queues.findings());
    Names.look(site).ifPresent(findings::add);
    findings.addAll(Place.look(site));
    findings.addAll(Access.look(site));
    findings.addAll(Force.look(site));
    findings.addAll(Machine.look(site));
    return findings;
  }
}
