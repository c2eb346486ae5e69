package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Frame;

/** A job that a handler did not ack, and what is to become of it. */
@SuppressWarnings("ArrayRecordComponent") // the array is the batch that all of its jobs share
record Unacked(byte[] bytes, int offset, Kind kind, long delayNanos, String text) {
  /** The delay is the retry policy's. */
  static final long BY_POLICY = -1;

  enum Kind {
    RETRY,
    SNOOZE,
    REJECT,
    /** Not started: its time to live is over. */
    EXPIRE,
    /** Nothing becomes of it: it stays unfinished, for whoever opens the queue the next time. */
    KEEP
  }

  static Unacked failed(byte[] bytes, int offset, String error) {
    return new Unacked(bytes, offset, Kind.RETRY, BY_POLICY, error);
  }

  static Unacked keep(byte[] bytes, int offset) {
    return new Unacked(bytes, offset, Kind.KEEP, 0, "");
  }

  /** An error as the text that a person reads first. */
  static String describe(Throwable error) {
    String name = error.getClass().getName();
    String message;
    try {
      message = error.getMessage();
    } catch (Throwable e) {
      // It is the user's code; whatever it does, the job has its outcome.
      return name;
    }
    return message == null || message.isEmpty() ? name : name + ": " + message;
  }

  long position() {
    return Frame.position(bytes, offset);
  }

  long end() {
    return position() + Frame.aligned(Frame.length(bytes, offset));
  }
}
