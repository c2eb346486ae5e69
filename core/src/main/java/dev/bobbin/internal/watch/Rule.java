package dev.bobbin.internal.watch;

import dev.bobbin.Verdict.Kind;
import java.util.function.Function;
import java.util.function.Predicate;

/** One thing that may be wrong with a queue: when it begins, when it lasts, and what to say. */
interface Rule {
  Kind kind();

  /** For how long {@link #enters} has to hold before it is believed. */
  long enterAfterNanos();

  /** For how long {@link #stays} has to fail before it is over. */
  long leaveAfterNanos();

  /** Asked once for each sample while it is not entered, before anything else. */
  boolean enters(Trend trend);

  /** Asked once for each sample while it is entered; easier to hold than {@link #enters}. */
  boolean stays(Trend trend);

  /** The reason in words. Asked only when one of the two holds. */
  String reason(Trend trend);

  /** A rule without a memory. */
  record Plain(
      Kind kind,
      long enterAfterNanos,
      long leaveAfterNanos,
      Predicate<Trend> when,
      Predicate<Trend> until,
      Function<Trend, String> words)
      implements Rule {
    @Override
    public boolean enters(Trend trend) {
      return when.test(trend);
    }

    @Override
    public boolean stays(Trend trend) {
      return until.test(trend);
    }

    @Override
    public String reason(Trend trend) {
      return words.apply(trend);
    }
  }
}
