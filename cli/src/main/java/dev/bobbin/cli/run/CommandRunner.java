package dev.bobbin.cli.run;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Starts the command for some jobs, waits for its end and passes on whole what it printed.
 * Thread-safe.
 */
final class CommandRunner {
  private final Settings settings;
  private final Terminal terminal;

  CommandRunner(Settings settings, Terminal terminal) {
    this.settings = settings;
    this.terminal = terminal;
  }

  /**
   * Runs the command once.
   *
   * @return its exit status, 128 and the signal's number if a signal ended it
   * @throws IOException if it could not be started
   * @throws OutputLostException if what it printed could not be passed on: its jobs must not count
   *     as done
   */
  int run(List<byte[]> jobs) throws IOException, InterruptedException {
    List<String> command = settings.command();
    if (settings.stdin()) {
      return start(Invocation.lines(command, jobs, settings.delimiter()));
    }
    if (Invocation.plain(jobs)) {
      return start(Invocation.arguments(command, jobs));
    }
    try (Printed status = new Printed()) {
      int xargs = start(Invocation.argumentBytes(command, jobs, status.file()));
      String said = new String(status.content().readAllBytes(), StandardCharsets.US_ASCII).strip();
      if (said.isEmpty()) {
        throw new IOException("xargs did not start it and ended with status " + xargs);
      }
      return Integer.parseInt(said);
    }
  }

  private int start(Invocation invocation) throws IOException, InterruptedException {
    try (Printed out = new Printed();
        Printed err = new Printed()) {
      ProcessBuilder builder = new ProcessBuilder(invocation.words());
      if (invocation.input().length == 0) {
        builder.redirectInput(new File("/dev/null"));
      }
      Process process = builder.redirectOutput(out.target()).redirectError(err.target()).start();
      out.unlink();
      err.unlink();
      if (invocation.input().length > 0) {
        write(invocation.input(), process);
      }
      int status = process.waitFor();
      try {
        terminal.pass(out.content(), err.content());
      } catch (IOException e) {
        throw new OutputLostException(e);
      }
      return status;
    }
  }

  private static void write(byte[] input, Process process) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // A command may end without having read its input, as head does. Its exit status tells
      // whether that was a failure.
    }
  }

  /** Standard output does not take what a command has printed. */
  static final class OutputLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputLostException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
