package dev.bobbin.cli.store;

import dev.bobbin.DirectoryInUseException;
import dev.bobbin.cli.output.Plain;

/** Who holds a directory, in words. */
public final class Holder {
  private static final int COMMAND_CHARS = 200;

  private Holder() {}

  /** The error's message, with the command line of the process that it names. */
  public static String describe(DirectoryInUseException error) {
    String message = String.valueOf(error.getMessage());
    if (error.holder().isEmpty()) {
      return message;
    }
    return message + " (" + command(error.holder().getAsLong()) + ")";
  }

  private static String command(long pid) {
    return ProcessHandle.of(pid)
        .map(
            process ->
                process
                    .info()
                    .commandLine()
                    .or(() -> process.info().command())
                    .map(words -> Plain.line(words, COMMAND_CHARS))
                    .orElse("its command line is not ours to see"))
        .orElse("which cannot be seen from here; it may run in another container");
  }
}
