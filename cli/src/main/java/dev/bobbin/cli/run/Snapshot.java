package dev.bobbin.cli.run;

import dev.bobbin.QueueStatus;
import java.time.Duration;
import java.util.Locale;

/**
 * Where a run stands.
 *
 * @param status the queue's
 * @param total jobs to do in all, those recovered included, or -1 while the input goes on
 * @param elapsed since the run began
 */
record Snapshot(QueueStatus status, long total, Duration elapsed) {

  /** Jobs that need no further work: done, or set aside during this run. */
  long settled() {
    return status.totals().acked() + status.totals().died();
  }

  double perSecond() {
    return settled() / Math.max(elapsed.toNanos() / 1e9, 1e-3);
  }

  /** What the bar itself does not show. */
  String details() {
    return say(
        "%,d in flight, %,d retrying, %,d dead",
        status.counts().inFlight(), status.counts().delayed(), status.counts().dead());
  }

  /** Everything, for where there is no bar. */
  String line() {
    String left = "";
    if (total >= 0 && settled() > 0) {
      left = say(", %,d left, about %s", total - settled(), timeLeft());
    }
    return say("%,d done, %,.0f/s, ", status.totals().acked(), perSecond()) + details() + left;
  }

  private String timeLeft() {
    long seconds = Math.round(Math.max(0, total - settled()) / perSecond());
    return seconds < 120 ? say("%d s", seconds) : say("%,d min", seconds / 60);
  }

  static String say(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
