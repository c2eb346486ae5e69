package dev.bobbin.torture.soak;

/** What a handler is about to do with a delivery. */
enum Outcome {
  ACK,
  RETRY,
  SNOOZE,
  REJECT,
  /** Nothing: its lease is left to end. */
  ABANDON
}
