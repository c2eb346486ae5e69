package dev.bobbin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What {@link KillTest} knows of every job, from what the children wrote down before they died. A
 * record that stands for the outcome of a delivery was written before the outcome was given, so the
 * outcome may have come to nothing; one that a later {@link KillLog#DONE} covers was carried out.
 */
final class KillOracle {
  /** An outcome carried out this long before a kill has reached the disk. */
  static final long SETTLED_MILLIS = 2_000;

  private static final int INTENDED = 1;
  private static final int ACCEPTED = 2;
  private static final int DELIVERED = 4;

  /** A handler was about to ack it. */
  private static final int ACKED = 8;

  /** It was about to become a dead letter, by rejection or by its last failure. */
  private static final int DYING = 16;

  /** It did become a dead letter. */
  private static final int DEAD = 32;

  /** It was acked so long before a kill that it must not come back. */
  private static final int SETTLED = 64;

  private final long seed;
  private final Map<Integer, Jobs> streams = new HashMap<>();
  private final Map<Long, Long> dueMillis = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long faultCount;
  long accepted;
  long deliveries;
  long redelivered;
  long regressed;
  long oldestRedeliveredMillis = -1;

  KillOracle(long seed) {
    this.seed = seed;
  }

  /** The jobs of one producer in one run, by number. */
  private static final class Jobs {
    byte[] flags = new byte[1024];

    /** The highest attempt that was about to be retried; a delivery of the next one is legal. */
    byte[] retried = new byte[1024];

    /** Deliveries below this attempt are over, if the retry has reached the disk. */
    byte[] atLeast = new byte[1024];

    /** How long before the kill of its run the ack was carried out; {@code -1}: not known to be. */
    short[] ackedBefore = new short[1024];

    void reserve(int number) {
      if (number >= flags.length) {
        int size = Math.max(number + 1, flags.length * 2);
        flags = Arrays.copyOf(flags, size);
        retried = Arrays.copyOf(retried, size);
        atLeast = Arrays.copyOf(atLeast, size);
        ackedBefore = Arrays.copyOf(ackedBefore, size);
      }
    }
  }

  private record Delivery(int outcome, int attempt, long key, long millis) {}

  private void fault(String what, long key) {
    faultCount++;
    if (faults.size() < 20) {
      faults.add(
          what
              + ": job "
              + KillJobs.number(key)
              + " of producer "
              + KillJobs.producer(key)
              + " of run "
              + KillJobs.run(key));
    }
  }

  List<String> faults() {
    return faultCount <= faults.size()
        ? faults
        : Stream.concat(faults.stream(), Stream.of((faultCount - faults.size()) + " more"))
            .toList();
  }

  private Jobs jobs(long key) {
    return streams.get((int) (key >>> 32));
  }

  private boolean is(long key, int flag) {
    Jobs jobs = jobs(key);
    int number = KillJobs.number(key);
    return jobs != null
        && number >= 0
        && number < jobs.flags.length
        && (jobs.flags[number] & flag) != 0;
  }

  private void set(long key, int flag) {
    jobs(key).flags[KillJobs.number(key)] |= (byte) flag;
  }

  /** Takes in what run {@code run} has written down, and deletes it. */
  void ingest(Path logs, int run, long killedMillis) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(logs)) {
      files = all.filter(f -> f.getFileName().toString().startsWith(run + "-")).toList();
    }
    for (Path file : files) {
      if (file.getFileName().toString().contains("producer")) {
        KillLog.read(file).forEach(this::submitted);
      }
    }
    List<List<Delivery>> threads = new ArrayList<>();
    List<long[]> doneMillis = new ArrayList<>();
    for (Path file : files) {
      if (!file.getFileName().toString().contains("producer")) {
        List<Delivery> deliveriesOfThread = new ArrayList<>();
        doneMillis.add(readWorker(file, deliveriesOfThread));
        threads.add(deliveriesOfThread);
      }
      Files.delete(file);
    }
    threads.forEach(thread -> thread.forEach(this::allow));
    Map<Long, Integer> seen = new HashMap<>();
    threads.forEach(thread -> thread.forEach(delivery -> check(delivery, run, seen)));
    for (int i = 0; i < threads.size(); i++) {
      apply(threads.get(i), doneMillis.get(i), killedMillis);
    }
  }

  private void submitted(
      int type, int outcome, int attempt, long key, int crc, int size, long millis) {
    Jobs jobs = streams.computeIfAbsent((int) (key >>> 32), k -> new Jobs());
    jobs.reserve(KillJobs.number(key));
    set(key, INTENDED);
    if (type == KillLog.ACCEPTED) {
      set(key, ACCEPTED);
      accepted++;
    }
    int delay = KillJobs.delayMillis(seed, key);
    if (delay > 0) {
      dueMillis.put(key, millis + delay);
    }
  }

  /** Reads a worker's log; returns when each delivery was known to be carried out, or 0. */
  private long[] readWorker(Path file, List<Delivery> into) throws IOException {
    boolean raw = file.getFileName().toString().contains("raw");
    List<Integer> counts = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    KillLog.read(file)
        .forEach(
            (type, outcome, attempt, key, crc, size, millis) -> {
              if (type == KillLog.DONE || raw) {
                // A raw worker shows its jobs one by one: a whole batch later they are done.
                counts.add(raw ? into.size() - KillChild.RAW_BATCH + 1 : into.size());
                times.add(millis);
              }
              if (type == KillLog.DELIVERED) {
                checkBytes(key, crc, size);
                into.add(new Delivery(outcome, attempt, key, millis));
              }
            });
    long[] done = new long[into.size()];
    int next = 0;
    for (int i = 0; i < counts.size(); i++) {
      while (next < counts.get(i)) {
        done[next++] = times.get(i);
      }
    }
    return done;
  }

  private void checkBytes(long key, int crc, int size) {
    if (!is(key, INTENDED)) {
      fault("delivered, but never submitted", key);
      return;
    }
    byte[] expected = KillJobs.payload(seed, key);
    if (expected.length != size || KillJobs.crc(expected, size) != crc) {
      fault("delivered " + size + " bytes that are not the job's " + expected.length, key);
    }
  }

  private void allow(Delivery delivery) {
    if (delivery.outcome == KillJobs.RETRY && is(delivery.key, INTENDED)) {
      Jobs jobs = jobs(delivery.key);
      int number = KillJobs.number(delivery.key);
      jobs.retried[number] = (byte) Math.max(jobs.retried[number], delivery.attempt);
    }
  }

  /** Checks a delivery against what earlier runs left, and against the others of its own run. */
  private void check(Delivery delivery, int run, Map<Long, Integer> seen) {
    deliveries++;
    long key = delivery.key;
    if (!is(key, INTENDED)) {
      return;
    }
    Jobs jobs = jobs(key);
    int number = KillJobs.number(key);
    String how = " in run " + run + " as attempt " + delivery.attempt;
    if (delivery.millis < dueMillis.getOrDefault(key, 0L)) {
      fault("delivered before it was due" + how, key);
    }
    if (delivery.attempt < 1 || delivery.attempt > jobs.retried[number] + 1) {
      fault("delivered" + how + ", retried " + jobs.retried[number] + " times at most", key);
    }
    if (delivery.attempt < jobs.atLeast[number]) {
      fault("delivered" + how + ", but attempt " + jobs.atLeast[number] + " was on disk", key);
    }
    if (is(key, SETTLED)) {
      fault("delivered" + how + ", but acked long before an earlier kill", key);
    }
    if (is(key, DEAD)) {
      fault("delivered" + how + ", but it was a dead letter", key);
    }
    int before = seen.getOrDefault(key, 0);
    if (before == 0 && is(key, ACKED)) {
      redelivered++;
      oldestRedeliveredMillis = Math.max(oldestRedeliveredMillis, jobs.ackedBefore[number]);
    }
    if (delivery.outcome != KillJobs.SNOOZE) {
      boolean last = delivery.outcome != KillJobs.RETRY || isLast(delivery);
      if ((before & 1 << delivery.attempt) != 0) {
        fault("delivered twice" + how, key);
      }
      if (last && before < 0) {
        fault("finished twice" + how, key);
      }
      seen.put(key, before | 1 << delivery.attempt | (last ? 1 << 31 : 0));
    } else {
      seen.put(key, before | 1);
    }
  }

  private static boolean isLast(Delivery delivery) {
    return delivery.attempt >= KillJobs.RETRIES.maxAttempts();
  }

  /** Remembers what became of a worker's deliveries. */
  private void apply(List<Delivery> thread, long[] doneMillis, long killedMillis) {
    for (int i = 0; i < thread.size(); i++) {
      Delivery delivery = thread.get(i);
      long key = delivery.key;
      if (!is(key, INTENDED)) {
        continue;
      }
      set(key, DELIVERED);
      boolean done = doneMillis[i] != 0;
      boolean settled = done && killedMillis - doneMillis[i] >= SETTLED_MILLIS;
      Jobs jobs = jobs(key);
      int number = KillJobs.number(key);
      if (delivery.outcome == KillJobs.ACK) {
        set(key, settled ? ACKED | SETTLED : ACKED);
        jobs.ackedBefore[number] =
            done ? (short) Math.min(killedMillis - doneMillis[i], Short.MAX_VALUE) : -1;
      } else if (delivery.outcome == KillJobs.REJECT
          || (delivery.outcome == KillJobs.RETRY && isLast(delivery))) {
        set(key, done ? DYING | DEAD : DYING);
      } else if (delivery.outcome == KillJobs.RETRY && settled) {
        jobs.atLeast[number] = (byte) Math.max(jobs.atLeast[number], delivery.attempt + 1);
      }
    }
  }

  /** The last word, when the queue was drained and closed: {@code letters} are all there are. */
  void checkEnd(List<DeadLetter> letters) {
    Map<Long, DeadLetter> dead = new HashMap<>();
    for (DeadLetter letter : letters) {
      byte[] payload = letter.payload();
      long key =
          payload.length < 8
              ? -1
              : java.nio.ByteBuffer.wrap(payload).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
      checkBytes(key, KillJobs.crc(payload, payload.length), payload.length);
      if (dead.put(key, letter) != null) {
        fault("two dead letters", key);
      }
      if (!is(key, DYING)) {
        fault("a dead letter that nobody rejected: " + letter.reason(), key);
      }
      if (!letter.reason().contains(KillJobs.reason(key))
          && !letter.reason().contains("job batch")) {
        fault("a dead letter with another's reason, " + letter.reason(), key);
      }
    }
    streams.forEach((stream, jobs) -> checkStream((long) stream << 32, jobs, dead));
  }

  private void checkStream(long first, Jobs jobs, Map<Long, DeadLetter> dead) {
    for (int i = 0; i < jobs.flags.length; i++) {
      long key = first | i;
      boolean ended = is(key, ACKED) || dead.containsKey(key);
      if (is(key, ACCEPTED) && !ended) {
        fault(is(key, DELIVERED) ? "lost after its first delivery" : "lost", key);
      } else if (is(key, DELIVERED) && !ended) {
        fault("lost after its first delivery, never acknowledged to the producer", key);
      }
      if (is(key, DEAD) && !dead.containsKey(key)) {
        fault("no longer among the dead letters", key);
      }
    }
  }
}
