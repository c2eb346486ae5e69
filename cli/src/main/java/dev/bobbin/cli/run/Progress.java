package dev.bobbin.cli.run;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how a run gets on. For one thread. */
interface Progress extends AutoCloseable {
  /** Called some times a second. */
  void show(Snapshot now);

  @Override
  void close();

  /** A live bar where standard error is a terminal, a line every few seconds elsewhere. */
  static Progress on(Terminal terminal) {
    int columns = terminalColumns();
    return columns > 0 ? new Bar(terminal, columns) : new Lines(terminal);
  }

  static Progress none() {
    return new Progress() {
      @Override
      public void show(Snapshot now) {}

      @Override
      public void close() {}
    };
  }

  /**
   * The width of the terminal that standard error is, 0 if it is none. Java itself can tell about a
   * console only.
   */
  private static int terminalColumns() {
    try {
      Process ask =
          new ProcessBuilder("sh", "-c", "test -t 2 || exit 1; stty size <&2 2>/dev/null || echo")
              .redirectInput(new File("/dev/null"))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String said = new String(ask.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (ask.waitFor() != 0) {
        return 0;
      }
      String columns = said.strip().replaceFirst("\\d+ ", "");
      return columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : 80;
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** One line, drawn over itself. */
  final class Bar implements Progress {
    private final Terminal terminal;
    private final ProgressBar bar;

    Bar(Terminal terminal, int columns) {
      this.terminal = terminal;
      // The last column stays free: some terminals wrap when it is written.
      bar =
          new ProgressBarBuilder()
              .setTaskName("bobbin")
              .setInitialMax(-1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .continuousUpdate()
              .showSpeed()
              .setConsumer(new DelegatingProgressBarConsumer(terminal::bar, columns - 1))
              .build();
    }

    @Override
    public void show(Snapshot now) {
      bar.maxHint(now.total());
      bar.stepTo(now.settled());
      bar.setExtraMessage(" " + now.details());
    }

    @Override
    public void close() {
      bar.close();
      terminal.eraseBar();
    }
  }

  /** A line every few seconds, for logs. */
  final class Lines implements Progress {
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final Terminal terminal;
    private Duration next = EVERY;

    Lines(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void show(Snapshot now) {
      if (now.elapsed().compareTo(next) >= 0) {
        terminal.say(now.line());
        next = now.elapsed().plus(EVERY);
      }
    }

    @Override
    public void close() {}
  }
}
