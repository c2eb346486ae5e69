package dev.bobbin.cli.run;

import dev.bobbin.cli.output.Plain;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output and standard error. What is written in one call stays together, and a live bar
 * gives way to it. Thread-safe: one lock for both, since both may be the same terminal.
 */
final class Terminal {
  private static final String ERASE_LINE = "\r\u001b[K";

  private final OutputStream out;
  private final PrintStream err;
  private boolean barShown;

  Terminal(OutputStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Passes on all that a command has printed, byte for byte: it is the command's output, which
   * others read, and COMMAND was chosen by whoever runs this. What a terminal makes of it is as if
   * the command had been started by hand.
   *
   * @throws IOException if standard output does not take it
   */
  synchronized void pass(InputStream printed, InputStream complained) throws IOException {
    byte[] block = new byte[1 << 16];
    for (int n; (n = printed.read(block)) > 0; ) {
      eraseBar();
      out.write(block, 0, n);
    }
    out.flush();
    for (int n; (n = complained.read(block)) > 0; ) {
      eraseBar();
      err.write(block, 0, n);
    }
    err.flush();
  }

  /** Says one line of our own. */
  synchronized void say(String text) {
    eraseBar();
    err.println("bobbin: " + Plain.line(text));
    err.flush();
  }

  /** Draws {@code bar} over the one before. */
  synchronized void bar(String bar) {
    err.print(ERASE_LINE + bar);
    err.flush();
    barShown = true;
  }

  synchronized void eraseBar() {
    if (barShown) {
      err.print(ERASE_LINE);
      err.flush();
      barShown = false;
    }
  }
}
