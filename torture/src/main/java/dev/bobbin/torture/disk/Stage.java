package dev.bobbin.torture.disk;

/**
 * What a job came to by one call: a submit, a retry, a reject. The times are the ledger's, {@link
 * Ledger#NEVER} for what has not happened.
 *
 * @param begun before the call
 * @param returned after it
 * @param synced after a sync that began after that
 * @param attempt of its next delivery; of the last one if it is dead
 * @param dueMillis when it is ready, by the wall clock
 */
record Stage(long begun, long returned, long synced, int attempt, long dueMillis, boolean dead) {
  Stage returned(long now) {
    return new Stage(begun, now, synced, attempt, dueMillis, dead);
  }

  Stage synced(long now) {
    return new Stage(begun, returned, now, attempt, dueMillis, dead);
  }
}
