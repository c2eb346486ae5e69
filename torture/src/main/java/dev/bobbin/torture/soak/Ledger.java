package dev.bobbin.torture.soak;

import dev.bobbin.DeadLetter;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.soak.Event.Wrong;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the campaign knows of every job, from what the children told. A step was told before it was
 * taken, so after a kill the last ones of each thread may have come to nothing; what was told
 * {@link #CARRIED_OUT_BEHIND} steps before was carried out. An outcome that was carried out is on
 * disk some flush cycles later, as the children tell ({@link FlushWatch}); a kill before that may
 * have the job delivered once more. In a process that closed in order everything was carried out.
 * Owned by the campaign's thread.
 */
final class Ledger {
  /**
   * So many outcomes behind the last one that its thread told, an outcome was carried out: the
   * thread has come back for another batch since. No time is asked, for a process may be stopped
   * with a batch in hand for as long as it likes.
   */
  private static final int CARRIED_OUT_BEHIND = 2 * Handlers.BATCH;

  private static final int INTENDED = 1;
  private static final int ACCEPTED = 2;
  private static final int REFUSED = 4;

  /** A handler was about to ack it, or it was about to be purged: it may be gone. */
  private static final int ENDED = 8;

  /** It is gone: ended in this process, or so far before a kill that the end counts. */
  private static final int GONE = 16;

  /** A delivery failed or was rejected, so it may be a dead letter. */
  private static final int FAILED = 32;

  /** An ack after its lease's end is being tried. */
  private static final int MAYBE = 64;

  private static final int LETTER = 128;

  /** The jobs of one queue in one process, by number. */
  private static final class Jobs {
    byte[] flags = new byte[1024];

    /** The attempts between which the next delivery's must be. */
    byte[] low = new byte[1024];

    byte[] high = new byte[1024];
    int[] ids = new int[1024];
    int size;

    void add() {
      if (size == flags.length) {
        flags = java.util.Arrays.copyOf(flags, size * 2);
        low = java.util.Arrays.copyOf(low, size * 2);
        high = java.util.Arrays.copyOf(high, size * 2);
        ids = java.util.Arrays.copyOf(ids, size * 2);
      }
      low[size] = 1;
      high[size++] = 1;
    }
  }

  /** An outcome that a kill could undo: an end, or a raised lower bound of the attempts. */
  private record Recent(long key, boolean end, byte lowBefore) {}

  private final long seed;
  private final Report report;
  private final Map<Long, Jobs> streams = new HashMap<>();
  private final Map<Integer, ArrayDeque<Recent>> recent = new HashMap<>();

  /** Carried out, by queue. */
  private final Map<Integer, List<Recent>> unwritten = new HashMap<>();

  /** Carried out before the queue's last mark, so the flush that it waits for has them. */
  private final Map<Integer, List<Recent>> marked = new HashMap<>();

  private long discarded;
  private final long[] bytes = new long[Load.QUEUES.size()];

  Ledger(long seed, Report report) {
    this.seed = seed;
    this.report = report;
  }

  /** Payload and header bytes accepted by one queue: what it has put into its ring at least. */
  long bytes(int queue) {
    return bytes[queue];
  }

  @SuppressWarnings("EnumOrdinal") // both ends of the pipe are of one build
  void add(Event event) {
    long key = event.key();
    switch (event.kind()) {
      case INTENT -> intent(key);
      case ACCEPTED -> accepted(key, event.id());
      case REFUSED -> {
        set(key, REFUSED);
        report.count("refused");
      }
      case DELIVERED -> delivered(event);
      case UNDONE -> undone(event);
      case LATE -> set(key, MAYBE);
      case IN_TIME -> {
        clear(key, MAYBE);
        end(event);
      }
      case TOO_LATE -> {
        clear(key, MAYBE);
        report.count("stale acks refused");
      }
      case LETTER -> letter(key, event.crc(), event.size());
      case REVIVING -> {
        raise(event, 1);
        report.count("dead letters retried");
      }
      case PURGING -> {
        end(event);
        report.count("purged");
      }
      case DISCARDED -> {
        discarded += event.size();
        report.count("dead letters discarded", event.size());
      }
      case MARK ->
          marked
              .computeIfAbsent((int) key, q -> new ArrayList<>())
              .addAll(Objects.requireNonNullElse(unwritten.remove((int) key), List.of()));
      case FLUSHED -> marked.remove((int) key);
      case FAULT -> fault(Wrong.values()[event.size()].words, key);
      default -> throw new IllegalArgumentException(event.toString());
    }
  }

  private void intent(long key) {
    Jobs jobs = streams.computeIfAbsent(key >>> 32, k -> new Jobs());
    if (Load.number(key) != jobs.size) {
      fault("submitted out of order, after " + jobs.size, key);
    }
    jobs.add();
    set(key, INTENDED);
  }

  private void accepted(long key, long id) {
    set(key, ACCEPTED);
    checkId(key, id);
    bytes[Load.queue(key)] += Load.payload(seed, key).length + Load.FRAME_BYTES;
    report.count("accepted");
  }

  private void checkId(long key, long id) {
    Jobs jobs = jobs(key);
    int number = Load.number(key);
    int hash = Long.hashCode(Load.mix(id)) | 1;
    if (jobs.ids[number] == 0) {
      jobs.ids[number] = hash;
    } else if (jobs.ids[number] != hash) {
      fault("has changed its id to " + id, key);
    }
  }

  private boolean checkBytes(long key, int crc, int size) {
    if (!is(key, INTENDED)) {
      fault("was never submitted, but is there with " + size + " bytes", key);
      return false;
    }
    byte[] expected = Load.payload(seed, key);
    if (expected.length != size || Load.crc(expected, size) != crc) {
      fault("has " + size + " bytes that are not its " + expected.length, key);
    }
    return true;
  }

  private void delivered(Event event) {
    long key = event.key();
    report.count("deliveries");
    if (!checkBytes(key, event.crc(), event.size())) {
      return;
    }
    if (event.id() != 0) {
      checkId(key, event.id());
    }
    if (is(key, GONE)) {
      fault("was delivered as attempt " + event.attempt() + " after it had ended", key);
    } else if (is(key, ENDED)) {
      report.count("redelivered after a kill");
    }
    if (is(key, REFUSED)) {
      fault("was refused, but delivered", key);
    }
    Jobs jobs = jobs(key);
    int number = Load.number(key);
    int attempt = event.attempt();
    if (attempt != 0 && (attempt < jobs.low[number] || attempt > jobs.high[number])) {
      String bounds = jobs.low[number] + " to " + jobs.high[number];
      fault("was delivered as attempt " + attempt + ", expected " + bounds, key);
    }
    switch (event.outcome()) {
      case ACK -> end(event);
      case RETRY -> {
        set(key, FAILED);
        if (attempt == 0) {
          jobs.high[number]++;
        } else {
          raise(event, attempt + 1);
        }
        report.count("retries");
      }
      case REJECT -> set(key, FAILED);
      case SNOOZE -> report.count("snoozes");
      case ABANDON -> report.count("leases left to end");
    }
  }

  private void end(Event event) {
    remember(event.thread(), new Recent(event.key(), true, (byte) 0));
    set(event.key(), ENDED | GONE);
  }

  /** The job's next attempt: this one or, after a kill, one before. */
  private void raise(Event event, int attempt) {
    Jobs jobs = jobs(event.key());
    int number = Load.number(event.key());
    remember(event.thread(), new Recent(event.key(), false, jobs.low[number]));
    jobs.low[number] = (byte) attempt;
    jobs.high[number] = (byte) Math.max(jobs.high[number], attempt);
  }

  private void undone(Event event) {
    switch (event.outcome()) {
      case ACK -> clear(event.key(), ENDED | GONE);
      case RETRY -> jobs(event.key()).low[Load.number(event.key())] = 1;
      default -> {}
    }
    report.count("outcomes refused");
  }

  private void letter(long key, int crc, int size) {
    if (checkBytes(key, crc, size) && is(key, GONE)) {
      fault("is a dead letter after it had ended", key);
    }
  }

  private void remember(int thread, Recent outcome) {
    ArrayDeque<Recent> own = recent.computeIfAbsent(thread, t -> new ArrayDeque<>());
    own.add(outcome);
    if (own.size() > CARRIED_OUT_BEHIND) {
      Recent done = own.removeFirst();
      unwritten.computeIfAbsent(Load.queue(done.key), q -> new ArrayList<>()).add(done);
    }
  }

  /** The process has ended. */
  void ended(boolean killed) {
    if (killed) {
      recent.values().forEach(own -> own.forEach(this::doubt));
      unwritten.values().forEach(own -> own.forEach(this::doubt));
      marked.values().forEach(own -> own.forEach(this::doubt));
    }
    recent.clear();
    unwritten.clear();
    marked.clear();
  }

  private void doubt(Recent outcome) {
    if (outcome.end) {
      clear(outcome.key, GONE);
    } else {
      // Any of the steps may have been the last that counted: a letter that was retried begins
      // anew with attempt 1, so the lowest is not the first.
      byte[] low = jobs(outcome.key).low;
      int number = Load.number(outcome.key);
      low[number] = (byte) Math.min(low[number], outcome.lowBefore);
    }
  }

  /** A dead letter that was there when everything else was done. */
  void checkLetter(DeadLetter letter) {
    byte[] payload = letter.payload();
    long key = Load.keyOf(payload);
    letter(key, Load.crc(payload, payload.length), payload.length);
    if (!is(key, INTENDED)) {
      return;
    }
    if (is(key, LETTER)) {
      fault("is two dead letters", key);
    }
    set(key, LETTER);
    checkId(key, letter.id().number());
    boolean crashed = letter.reason().contains("the process died");
    if (!is(key, FAILED) && !crashed && !Load.expires(seed, key)) {
      fault("is a dead letter that nobody rejected: " + letter.reason(), key);
    }
    report.count("dead letters left");
  }

  /** The last word, when every queue is empty and every letter was seen. */
  void checkEnd() {
    long[] mayBeDiscarded = {0};
    streams.forEach(
        (stream, jobs) -> {
          for (int i = 0; i < jobs.size; i++) {
            long key = stream << 32 | i;
            if (is(key, ACCEPTED) && !is(key, ENDED) && !is(key, LETTER) && !is(key, MAYBE)) {
              boolean died = is(key, FAILED) || Load.expires(seed, key);
              if (died && Load.queue(key) == Load.BOUNDED) {
                mayBeDiscarded[0]++;
              } else {
                fault("is lost", key);
              }
            }
          }
        });
    if (mayBeDiscarded[0] > discarded) {
      report.fault(
          "%d dead letters are gone, and the queue says that it discarded %d"
              .formatted(mayBeDiscarded[0], discarded));
    }
  }

  private Jobs jobs(long key) {
    return streams.getOrDefault(key >>> 32, NONE);
  }

  private static final Jobs NONE = new Jobs();

  private boolean is(long key, int flag) {
    Jobs jobs = jobs(key);
    int number = Load.number(key);
    return number >= 0 && number < jobs.size && (jobs.flags[number] & flag) != 0;
  }

  private void set(long key, int flag) {
    jobs(key).flags[Load.number(key)] |= (byte) flag;
  }

  private void clear(long key, int flag) {
    jobs(key).flags[Load.number(key)] &= (byte) ~flag;
  }

  private void fault(String what, long key) {
    report.fault(
        "job %d of queue %s in process %d %s"
            .formatted(
                Load.number(key),
                Load.queue(key) < Load.QUEUES.size() ? Load.QUEUES.get(Load.queue(key)) : "?",
                Load.run(key),
                what));
  }
}
