package dev.bobbin.cli.run;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * @throws OutputLostException if what it printed could not be kept or be passed on: its jobs must
   *     not count as done
   */
  int run(List<byte[]> jobs) throws IOException, InterruptedException {
    List<String> command = settings.command();
    if (settings.stdin()) {
      return start(Invocation.lines(command, jobs, settings.delimiter()));
    }
    if (Invocation.plain(jobs)) {
      return start(Invocation.arguments(command, jobs));
    }
    Path status = Files.createTempFile("bobbin-", ".status");
    try {
      int xargs = start(Invocation.argumentBytes(command, jobs, status));
      String said = Files.readString(status, StandardCharsets.US_ASCII).strip();
      if (said.isEmpty()) {
        throw new IOException("xargs did not start it and ended with status " + xargs);
      }
      return Integer.parseInt(said);
    } finally {
      Files.deleteIfExists(status);
    }
  }

  private int start(Invocation invocation) throws IOException, InterruptedException {
    try (Printed out = new Printed();
        Printed err = new Printed()) {
      ProcessBuilder builder = new ProcessBuilder(invocation.words());
      if (invocation.input().length == 0) {
        builder.redirectInput(new File("/dev/null"));
      }
      Process process = builder.start();
      out.carry(process.getInputStream());
      err.carry(process.getErrorStream());
      if (invocation.input().length > 0) {
        write(invocation.input(), process);
      }
      int status = process.waitFor();
      try {
        terminal.pass(out.whole(), err.whole());
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

  /** What a command has printed did not get through. */
  static final class OutputLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputLostException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
