package dev.bobbin.torture.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario asked for and what it was told, by a clock of its own that ticks at each entry.
 * Safe for use by many threads: the scenario's writes, the disk's reads.
 */
final class Ledger {
  /** Later than everything. */
  static final long NEVER = Long.MAX_VALUE;

  private final List<Entry> entries = new ArrayList<>();
  private long now;

  /** One job. */
  static final class Entry {
    final int number;
    final String queue;
    final int length;
    final List<Stage> stages = new ArrayList<>();

    /** Whose outcome came after this job was accepted, and depends on it. */
    private @Nullable Entry parent;

    private long finishBegun = NEVER;
    private long finished = NEVER;
    private long settled = NEVER;

    private Entry(int number, String queue, int length) {
      this.number = number;
      this.queue = queue;
      this.length = length;
    }

    Stage last() {
      return stages.get(stages.size() - 1);
    }
  }

  /** What time it is. */
  synchronized long now() {
    return now;
  }

  /** A job is about to be submitted. */
  synchronized Entry submitting(String queue, int length, long dueMillis) {
    Entry entry = new Entry(entries.size(), queue, length);
    entries.add(entry);
    entry.stages.add(new Stage(++now, NEVER, NEVER, 1, dueMillis, false));
    return entry;
  }

  /** It was not accepted, and never will be. */
  synchronized void refused(Entry entry) {
    entry.finishBegun = ++now;
    entry.finished = now;
    entry.settled = now;
  }

  /** It is about to be retried, snoozed, set aside, or brought back. */
  synchronized void moving(Entry entry, int attempt, long dueMillis, boolean dead) {
    entry.stages.add(new Stage(++now, NEVER, NEVER, attempt, dueMillis, dead));
  }

  /** The call for its last stage has returned. */
  synchronized void moved(Entry entry) {
    entry.stages.set(entry.stages.size() - 1, entry.last().returned(++now));
  }

  /** It is about to be acked or purged. */
  synchronized void finishing(Entry entry) {
    entry.finishBegun = ++now;
  }

  synchronized void finished(Entry entry) {
    entry.finished = ++now;
  }

  /** {@code child} was accepted before {@code parent} is acked. */
  synchronized void chained(Entry parent, Entry child) {
    child.parent = parent;
  }

  /**
   * A sync of {@code queue} has returned that began at {@code began}. What was being finished by
   * then may never have touched the disk.
   */
  synchronized void synced(String queue, long began) {
    long at = ++now;
    for (Entry entry : entries) {
      if (entry.queue.equals(queue) && entry.finishBegun == NEVER) {
        entry.stages.replaceAll(
            stage ->
                stage.returned() <= began && stage.synced() == NEVER ? stage.synced(at) : stage);
      }
    }
  }

  /** What was finished in {@code queue} by {@code began} is so for good, whatever dies. */
  synchronized void settled(String queue, long began) {
    long at = ++now;
    for (Entry entry : entries) {
      if (entry.queue.equals(queue) && entry.finished <= began && entry.settled == NEVER) {
        entry.settled = at;
      }
    }
  }

  /** All queues were closed in order: what was answered by now is so for good, whatever dies. */
  synchronized void closed() {
    long at = ++now;
    for (Entry entry : entries) {
      entry.stages.replaceAll(
          stage -> stage.returned() != NEVER && stage.synced() == NEVER ? stage.synced(at) : stage);
      if (entry.finished != NEVER && entry.settled == NEVER) {
        entry.settled = at;
      }
    }
  }

  /** What no sync covered was promised for the process alone. */
  synchronized void machineDied() {
    now++;
    for (Entry entry : entries) {
      entry.stages.replaceAll(stage -> stage.synced() == NEVER ? stage.returned(NEVER) : stage);
    }
  }

  /** The queues were opened anew and hold exactly what was found: that is forced. */
  synchronized void reopened(Map<Integer, Found> found) {
    long at = ++now;
    for (Entry entry : entries) {
      Found job = found.get(entry.number);
      entry.parent = null;
      if (job == null) {
        entry.finishBegun = Math.min(entry.finishBegun, at);
        entry.finished = at;
        entry.settled = at;
      } else {
        Stage stage = matching(entry, job);
        entry.stages.clear();
        entry.stages.add(new Stage(at, at, at, stage.attempt(), stage.dueMillis(), stage.dead()));
        entry.finishBegun = NEVER;
        entry.finished = NEVER;
        entry.settled = NEVER;
      }
    }
  }

  private static Stage matching(Entry entry, Found job) {
    for (int i = entry.stages.size() - 1; i >= 0; i--) {
      Stage stage = entry.stages.get(i);
      boolean early = !stage.dead() && stage.dueMillis() <= job.nowMillis();
      if (stage.attempt() == job.attempt() && stage.dead() == job.dead() && early == job.early()) {
        return stage;
      }
    }
    // That is a fault, and has been reported.
    return new Stage(0, 0, 0, job.attempt(), 0, job.dead());
  }

  synchronized Entry entry(int number) {
    return entries.get(number);
  }

  synchronized int size() {
    return entries.size();
  }

  /**
   * What must be there, and what may be, after a death that came between {@code mark} and now.
   *
   * @param mark what {@link #now} said before
   */
  synchronized Expected expected(long mark) {
    List<Expected.Job> jobs = new ArrayList<>();
    for (Entry entry : entries) {
      jobs.add(
          new Expected.Job(
              entry.number,
              entry.queue,
              List.copyOf(entry.stages),
              entry.finishBegun != NEVER,
              entry.settled <= mark,
              entry.parent == null ? -1 : entry.parent.number));
    }
    return new Expected(mark, jobs);
  }
}
