package dev.bobbin.cli;

import dev.bobbin.BobbinException;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.cli.output.Plain;
import dev.bobbin.cli.store.Holder;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExitCodeExceptionMapper;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong, in one line each, and gives the exit status that goes with it. */
final class Errors {
  private Errors() {}

  static int wrongCommandLine(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    // What was typed is quoted there, and a script may have taken it from anywhere.
    err.println("bobbin: " + Plain.line(String.valueOf(error.getMessage())));
    UnmatchedArgumentException.printSuggestions(error, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  static int failed(Exception error, CommandLine command, boolean verbose) {
    PrintWriter err = command.getErr();
    err.println("bobbin: " + Plain.line(textOf(error)));
    if (verbose || "1".equals(System.getenv("BOBBIN_DEBUG"))) {
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      err.print(Plain.lines(trace.toString()));
    }
    err.flush();
    IExitCodeExceptionMapper statuses = command.getExitCodeExceptionMapper();
    return statuses == null
        ? command.getCommandSpec().exitCodeOnExecutionException()
        : statuses.getExitCode(error);
  }

  /** Bobbin's own messages and those about its options stand alone; others need their class. */
  private static String textOf(Exception error) {
    if (error instanceof DirectoryInUseException inUse) {
      return Holder.describe(inUse);
    }
    boolean ours = error instanceof BobbinException || error instanceof IllegalArgumentException;
    String message = error.getMessage();
    return ours && message != null ? message : error + " (--verbose shows where)";
  }
}
