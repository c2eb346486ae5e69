package dev.bobbin.cli.verify;

import dev.bobbin.MaintenanceListener;
import dev.bobbin.cli.output.Plain;
import dev.bobbin.cli.output.Terminals;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** How far it is, on one line of a terminal, drawn over itself; nothing where there is none. */
final class ProgressLine implements MaintenanceListener, AutoCloseable {
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PrintWriter err;
  private final boolean terminal;
  private long shownNanos = System.nanoTime();
  private boolean shown;

  ProgressLine(PrintWriter err) {
    this.err = err;
    this.terminal = Terminals.isStandardErrorOne();
  }

  @Override
  public synchronized void progress(String queue, long doneBytes, long allBytes) {
    long now = System.nanoTime();
    if (terminal && now - shownNanos >= EVERY_NANOS) {
      long percent = allBytes == 0 ? 100 : doneBytes * 100 / allBytes;
      err.print(ERASE_LINE + "bobbin: " + Plain.line(queue) + " " + percent + " %");
      err.flush();
      shownNanos = now;
      shown = true;
    }
  }

  @Override
  public synchronized void close() {
    if (shown) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}
