package dev.bobbin.cli.run;

import dev.bobbin.JobQueue;
import dev.bobbin.RefusedException;
import java.io.IOException;

/**
 * Turns the input into jobs, on a thread of its own, since nothing can interrupt a read of standard
 * input. The queue lets it wait when it is full. Its fields are read by other threads: {@link
 * #ended} is written last.
 */
final class Feeder implements Runnable {
  private final LineReader lines;
  private final JobQueue<byte[]> queue;
  private final Stop stop;
  private final Terminal terminal;
  private volatile long accepted;
  private volatile boolean failed;
  private volatile boolean ended;

  Feeder(LineReader lines, JobQueue<byte[]> queue, Stop stop, Terminal terminal) {
    this.lines = lines;
    this.queue = queue;
    this.stop = stop;
    this.terminal = terminal;
  }

  void start() {
    Thread thread = new Thread(this, "bobbin-input");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      feed();
    } catch (IOException | RuntimeException e) {
      // After a stop the queue is closed under our hands, and that is no news.
      if (!stop.requested()) {
        failed = true;
        terminal.say(e.getMessage() + "; what was accepted before is finished first");
      }
    } finally {
      ended = true;
    }
  }

  private void feed() throws IOException {
    long count = 0;
    for (byte[] line; !stop.requested() && (line = lines.next()) != null; ) {
      submit(line);
      accepted = ++count;
    }
  }

  private void submit(byte[] line) {
    try {
      queue.submit(line);
    } catch (RefusedException e) {
      throw new IllegalStateException(
          "line " + lines.lineNumber() + " of the input was refused: " + e.getMessage(), e);
    }
  }

  /** Jobs that the queue has accepted. */
  long accepted() {
    return accepted;
  }

  /** Whether no more jobs will come. */
  boolean ended() {
    return ended;
  }

  /** Whether the input was not read to its end though nobody asked to stop; the reason was said. */
  boolean failed() {
    return failed;
  }
}
