package dev.bobbin.internal.watch;

import dev.bobbin.Verdict.Finding;
import org.jspecify.annotations.Nullable;

/** Whether one rule's condition is on, with the times that keep it from flapping. */
final class Latch {
  private final Rule rule;
  private boolean on;
  private boolean begun;
  private long begunNanos;
  private long lastHeldNanos;
  private String reason = "";

  Latch(Rule rule) {
    this.rule = rule;
  }

  /** Takes one more sample in; returns what is wrong, or null. */
  @Nullable Finding judge(Trend trend) {
    long now = trend.to().nanos();
    if (on) {
      keep(trend, now);
    } else {
      enter(trend, now);
    }
    return on ? new Finding(rule.kind(), reason) : null;
  }

  private void enter(Trend trend, long now) {
    if (!rule.enters(trend)) {
      begun = false;
      return;
    }
    if (!begun) {
      begun = true;
      begunNanos = now;
    }
    if (now - begunNanos >= rule.enterAfterNanos()) {
      on = true;
      lastHeldNanos = now;
      reason = rule.reason(trend);
    }
  }

  private void keep(Trend trend, long now) {
    if (rule.stays(trend)) {
      lastHeldNanos = now;
      // Kept while it does not hold: figures that are fine again would not explain what is wrong.
      reason = rule.reason(trend);
    } else if (now - lastHeldNanos >= rule.leaveAfterNanos()) {
      on = false;
      begun = false;
    }
  }
}
