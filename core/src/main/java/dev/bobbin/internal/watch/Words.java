package dev.bobbin.internal.watch;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Figures as a person reads them. */
final class Words {
  private Words() {}

  static String say(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** A rate: whole numbers from ten on. */
  static String rate(double perSecond) {
    return perSecond == 0 || perSecond >= 9.95
        ? say("%,d", Math.round(perSecond))
        : say("%.1f", perSecond);
  }

  static String percent(double share) {
    return say("%d %%", Math.round(share * 100));
  }

  /** {@code 1 job}, {@code 2 jobs}. */
  static String count(long count, String one, String many) {
    return say("%,d %s", count, count == 1 ? one : many);
  }

  /** A time in its two largest units. */
  static String time(long nanos) {
    if (nanos < TimeUnit.SECONDS.toNanos(1)) {
      return nanos < TimeUnit.MILLISECONDS.toNanos(1)
          ? say("%d us", nanos / 1_000)
          : say("%d ms", nanos / 1_000_000);
    }
    long seconds = nanos / 1_000_000_000;
    if (seconds < 10) {
      return say("%.1f s", nanos / 1e9);
    } else if (seconds < 60) {
      return say("%d s", seconds);
    } else if (seconds < 3600) {
      return say("%d min %d s", seconds / 60, seconds % 60);
    } else if (seconds < 86_400) {
      return say("%d h %d min", seconds / 3600, seconds / 60 % 60);
    }
    return say("%d d %d h", seconds / 86_400, seconds / 3600 % 24);
  }
}
