package dev.bobbin;

import java.time.Instant;
import java.util.Map;

/**
 * What a delivery tells of its job, whichever way it was delivered: to a handler as {@link Job}, or
 * under a lease as {@link LeasedJob}.
 */
public interface DeliveredJob<T> {
  /** Stable over attempts and restarts: the key to make a handler idempotent with. */
  JobId id();

  /** 1 on first delivery; counts failures, not snoozes, lost leases or crashes. */
  int attempt();

  /** When it was first submitted, to about a second. */
  Instant submittedAt();

  /** Which jobs go first. */
  Priority priority();

  /**
   * The headers that it was submitted with, in their order; empty if there are none. Decoded at
   * each call; not to be changed.
   */
  Map<String, String> headers();

  /** What was submitted. */
  T payload();
}
