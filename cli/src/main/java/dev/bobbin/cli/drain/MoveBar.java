package dev.bobbin.cli.drain;

import dev.bobbin.cli.output.Plain;
import dev.bobbin.kafka.Migration;
import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far the move of one queue is, on one line of a terminal. */
final class MoveBar implements Migration.Listener, AutoCloseable {
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final int COLUMNS = 79;

  private final PrintWriter err;
  private final ProgressBar bar;

  MoveBar(PrintWriter err, String queue) {
    this.err = err;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(Plain.line(queue))
            .setInitialMax(-1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .showSpeed()
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, COLUMNS))
            .build();
  }

  private void draw(String line) {
    err.print(ERASE_LINE + line);
    err.flush();
  }

  @Override
  public void moved(long done, long total) {
    bar.maxHint(total);
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
    err.print(ERASE_LINE);
    err.flush();
  }
}
