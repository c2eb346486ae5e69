package dev.bobbin.cli.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which a run ends before its input does. The first reason counts; whoever starts
 * something asks before. Thread-safe.
 */
final class Stop {
  private final List<Runnable> actions = new ArrayList<>();
  private volatile @Nullable String reason;

  Stop() {}

  /** Ends the run early; returns whether this was the first reason. */
  boolean request(String why) {
    List<Runnable> todo;
    synchronized (actions) {
      if (reason != null) {
        return false;
      }
      reason = why;
      todo = List.copyOf(actions);
    }
    todo.forEach(Runnable::run);
    return true;
  }

  boolean requested() {
    return reason != null;
  }

  /** Why the run ends early, or null if it does not. */
  @Nullable String reason() {
    return reason;
  }

  /**
   * Has {@code action} called once when a stop is requested, or now if it was. It must not wait.
   */
  void whenRequested(Runnable action) {
    synchronized (actions) {
      if (reason == null) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }
}
