package dev.bobbin.cli.output;

import dev.bobbin.BobbinException;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** A command's standard output, for data, and standard error, for everything else. */
public final class Printer {
  private final CommandSpec spec;

  /** Those of the command {@code spec}. */
  public Printer(CommandSpec spec) {
    this.spec = spec;
  }

  /**
   * Prints data, made harmless: of what would control a terminal, ends of lines and tabs alone go
   * through. Nothing goes past this.
   */
  public void line(String text) {
    spec.commandLine().getOut().println(Plain.lines(text));
  }

  /** Says something beside the data. */
  public void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("bobbin: " + Plain.line(text));
    err.flush();
  }

  /**
   * Passes on what was printed.
   *
   * @throws BobbinException if standard output does not take it
   */
  public void flush() {
    if (spec.commandLine().getOut().checkError()) {
      throw new BobbinException(
          "standard output did not take all of it: its reader has ended, or the disk is full");
    }
  }
}
