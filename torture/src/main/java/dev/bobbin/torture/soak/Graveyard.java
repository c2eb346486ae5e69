package dev.bobbin.torture.soak;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobQueue;
import dev.bobbin.RefusedException;
import dev.bobbin.torture.soak.Event.Kind;
import dev.bobbin.torture.soak.Event.Wrong;

/** Retries half of a queue's dead letters and purges the other half. */
final class Graveyard {
  private static final int AT_ONCE = 1000;

  private final long seed;
  private final Pipe pipe;

  Graveyard(long seed, Pipe pipe) {
    this.seed = seed;
    this.pipe = pipe;
  }

  /**
   * @param touch whether to do so; if not, the letters are only looked at
   */
  void tend(JobQueue<byte[]> queue, boolean touch) {
    DeadLetters dead = queue.deadLetters();
    for (DeadLetter letter : dead.list(AT_ONCE)) {
      byte[] payload = letter.payload();
      long key = Load.keyOf(payload);
      if (!Load.isHeadersOf(letter.headers(), seed, key)) {
        pipe.wrong(Wrong.HEADERS, key);
      }
      pipe.bytes(
          Kind.LETTER,
          Outcome.REJECT,
          letter.attempts(),
          key,
          letter.id().number(),
          payload,
          payload.length);
      if (!touch) {
        continue;
      }
      boolean retry = (Load.mix(key ^ letter.diedAt().toEpochMilli()) & 1) == 0;
      pipe.job(retry ? Kind.REVIVING : Kind.PURGING, key, 0);
      try {
        if (!(retry ? dead.retry(letter.id()) : dead.purge(letter.id()))) {
          pipe.wrong(Wrong.LETTER_GONE, key);
        }
      } catch (RefusedException e) {
        // No room just now: it stays for the next round.
        return;
      }
    }
  }
}
