package dev.bobbin.kafka;

import dev.bobbin.internal.ring.Cursor;

/**
 * How many jobs are in a topic: what the broker said last, and what this process has put in and
 * taken out since. Exact while this process alone works on the topic, or all is at rest; never less
 * than the truth as far as this process can know it. Thread-safe.
 */
final class Flow {
  // Apart from each other: a thread of its own writes each, with each job.

  /** Jobs that this process has put in, and those of them that the broker has confirmed. */
  private final Cursor sent = new Cursor(0);

  private final Cursor confirmed = new Cursor(0);

  /** Jobs that this process has done with, and those of which the broker knows. */
  private final Cursor done = new Cursor(0);

  private final Cursor committed = new Cursor(0);

  /**
   * What the broker said, what this process had confirmed before, and what it had done with after:
   * the broker may know of that although its answer is on its way.
   */
  private record Sample(long lag, long confirmedBefore, long doneAfter) {}

  private static final int MOST_PASSED_OVER = 5;

  /** Samples that were passed over in a row. Guarded by this. */
  private int passedOver;

  private volatile Sample sample = new Sample(0, 0, 0);

  void sent() {
    sent.getAndAdd(1);
  }

  /** The broker has it. */
  void confirmed() {
    confirmed.getAndAdd(1);
  }

  /** The broker did not take it. */
  void failed() {
    sent.getAndAdd(-1);
  }

  void done(long jobs) {
    done.getAndAdd(jobs);
  }

  /** They are not done after all: the broker will hand them out again. */
  void undone(long jobs) {
    done.getAndAdd(-jobs);
  }

  void committed(long jobs) {
    committed.getAndAdd(jobs);
  }

  /**
   * What this process has moved so far; what it had when the broker was asked goes to {@link
   * #sampled}.
   */
  record Totals(long sent, long confirmed, long done, long committed) {
    private boolean isAtRest() {
      return sent == confirmed && done == committed;
    }
  }

  Totals totals() {
    return new Totals(
        sent.getVolatile(), confirmed.getVolatile(), done.getVolatile(), committed.getVolatile());
  }

  /**
   * The broker said that there were {@code lag} jobs. While jobs move, what it says cannot be told
   * from what this process knows already: then it is passed over, but not for ever.
   */
  synchronized void sampled(long lag, Totals before) {
    // Read once: what is done after this is not in the answer.
    Totals after = totals();
    boolean exact = before.isAtRest() && before.equals(after);
    passedOver = exact ? 0 : passedOver + 1;
    if (exact || passedOver > MOST_PASSED_OVER) {
      passedOver = 0;
      sample = new Sample(lag, before.confirmed, after.done);
    }
  }

  /** Jobs that are not done. */
  long size() {
    Sample last = sample;
    // What left first, what came last: a job that is done in between counts once too often.
    long out = done.getVolatile() - last.doneAfter;
    long in = sent.getVolatile() - last.confirmedBefore;
    return Math.max(0, last.lag + in - out);
  }
}
