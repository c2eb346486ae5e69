package dev.bobbin.cli.run;

import dev.bobbin.JobQueue;
import dev.bobbin.RefusedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the input into jobs, on a thread of its own, since nothing can interrupt a read of standard
 * input. The queue lets it wait when it is full. Its fields are read by other threads: {@link
 * #ended} is written last.
 */
final class Feeder implements Runnable {
  private final LineReader lines;
  private final JobQueue<byte[]> queue;
  private final Stop stop;
  private volatile long accepted;
  private volatile @Nullable String problem;
  private volatile boolean ended;

  Feeder(LineReader lines, JobQueue<byte[]> queue, Stop stop) {
    this.lines = lines;
    this.queue = queue;
    this.stop = stop;
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
        problem = e.getMessage() == null ? e.toString() : e.getMessage();
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

  /** Why the input was not read to its end; null if it was, or if somebody asked to stop. */
  @Nullable String problem() {
    return problem;
  }
}
