package dev.bobbin.cli.run;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which a run ends before its input does. The first reason counts; whoever starts
 * something asks before. Thread-safe.
 */
final class Stop {
  private final CompletableFuture<String> reason = new CompletableFuture<>();

  Stop() {}

  /** Ends the run early; returns whether this was the first reason. */
  boolean request(String why) {
    return reason.complete(why);
  }

  boolean requested() {
    return reason.isDone();
  }

  /** Why the run ends early, or null if it does not. */
  @Nullable String reason() {
    return reason.getNow(null);
  }

  void whenRequested(Runnable action) {
    reason.thenRun(action);
  }
}
