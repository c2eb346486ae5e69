package dev.bobbin.internal.local;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetterPage;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobId;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.local.DeadIndex.Entry;
import dev.bobbin.internal.local.DeadReader.Chunk;
import dev.bobbin.internal.ring.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The public face of a queue's dead letters. User code runs on the caller's thread. */
final class LocalDeadLetters implements DeadLetters {
  private static final int MAX_PAGE = 100_000;
  private static final int PAGE_BYTES = 4 << 20;

  private final QueueCore core;
  private final DeadReader reader;
  private final Runnable accepted;

  /**
   * @param accepted called when jobs were accepted, before their retry returns
   */
  LocalDeadLetters(QueueCore core, IoThread io, Runnable accepted) {
    this.core = core;
    this.reader = new DeadReader(core, io);
    this.accepted = accepted;
  }

  @Override
  public long count() {
    return core.dead.index.size();
  }

  @Override
  public DeadLetterPage page(long cursor, int max) {
    if (max < 1 || max > MAX_PAGE) {
      throw new IllegalArgumentException("max must be from 1 to " + MAX_PAGE + ", found " + max);
    }
    if (cursor < 0) {
      throw new IllegalArgumentException(
          "cursor must be 0 or DeadLetterPage.nextCursor, found " + cursor);
    }
    List<DeadLetter> letters = new ArrayList<>();
    long next = cursor;
    long bytes = 0;
    do {
      Chunk chunk = reader.read(next, Long.MAX_VALUE, max - letters.size());
      for (byte[] frame : chunk.frames()) {
        letters.add(reader.letter(frame));
        bytes += frame.length;
      }
      next = chunk.next();
    } while (core.dead.index.next(next) != null && letters.size() < max && bytes < PAGE_BYTES);
    return new DeadLetterPage(letters, next, core.dead.index.next(next) != null);
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    List<DeadLetter> found = new ArrayList<>();
    reader.forEach(entries(List.of(id)), frame -> found.add(reader.letter(frame)));
    return found.stream().findFirst();
  }

  @Override
  public void forEach(Consumer<? super DeadLetter> consumer) {
    scan(
        frame -> {
          consumer.accept(reader.letter(frame));
          return true;
        });
  }

  /**
   * Shows the frames of all letters that are there now, until {@code visitor} returns false. User
   * code runs in it.
   */
  private void scan(Predicate<byte[]> visitor) {
    long end = core.dead.index.afterLast();
    long next = 0;
    while (next < end) {
      Chunk chunk = reader.read(next, end, Integer.MAX_VALUE);
      for (byte[] frame : chunk.frames()) {
        if (!visitor.test(frame)) {
          return;
        }
      }
      if (chunk.next() == next) {
        return;
      }
      next = chunk.next();
    }
  }

  private List<Entry> entries(Collection<JobId> ids) {
    List<Entry> entries =
        new ArrayList<>(
            core.dead.index.find(
                ids.stream()
                    .filter(id -> id.origin() == core.id)
                    .mapToLong(JobId::number)
                    .sorted()
                    .toArray()));
    Set<JobId> foreign = new HashSet<>(ids);
    foreign.removeIf(id -> id.origin() == core.id);
    if (!foreign.isEmpty()) {
      // Given elsewhere: the index does not know them, but the letters do.
      scan(
          frame -> {
            if (foreign.remove(Frame.jobId(frame, 0, core.id))) {
              entries.add(core.dead.index.next(Frame.position(frame, 0)));
            }
            return !foreign.isEmpty();
          });
    }
    return entries;
  }

  @Override
  public long retry(Collection<JobId> ids) {
    Revival revival = new Revival(core);
    reader.forEach(entries(ids), revival::revive);
    return done(revival);
  }

  @Override
  public long retryIf(Predicate<? super DeadLetter> which, double jobsPerSecond) {
    Pace pace = new Pace(jobsPerSecond);
    Revival revival = new Revival(core);
    scan(frame -> !which.test(reader.letter(frame)) || reviveInTime(pace, revival, frame));
    return done(revival);
  }

  /** Revives the letter when it is its turn; false if an interrupt came first. */
  private boolean reviveInTime(Pace pace, Revival revival, byte[] frame) {
    try {
      if (!pace.await(revival::refuseIfClosed)) {
        return false;
      }
      revival.revive(frame);
      return true;
    } catch (RefusedException e) {
      if (e.getCause() instanceof InterruptedException) {
        return false;
      }
      throw e;
    }
  }

  private long done(Revival revival) {
    if (revival.revived() > 0) {
      accepted.run();
    }
    return revival.revived();
  }

  @Override
  public long purge(Collection<JobId> ids) {
    long purged = 0;
    for (Entry entry : entries(ids)) {
      purged += purge(entry.position());
    }
    return purged;
  }

  @Override
  public long purgeAll() {
    long end = core.dead.index.afterLast();
    long purged = 0;
    for (Entry entry = core.dead.index.next(0);
        entry != null && entry.position() < end;
        entry = core.dead.index.next(entry.end())) {
      purged += purge(entry.position());
    }
    return purged;
  }

  @Override
  public long purgeIf(Predicate<? super DeadLetter> which) {
    long[] purged = {0};
    scan(
        frame -> {
          if (which.test(reader.letter(frame))) {
            purged[0] += purge(Frame.position(frame, 0));
          }
          return true;
        });
    return purged[0];
  }

  /** Purges the letter at {@code position}; returns 0 if somebody else was faster. */
  private int purge(long position) {
    Throwable failure = core.failure();
    if (failure != null) {
      // Invariant 7.
      throw new RefusedException(
          Refusal.FAILED, "queue " + core.name + " has stopped: " + failure, failure, 0);
    }
    Entry entry = core.dead.claim(position);
    if (entry == null) {
      return 0;
    }
    if (!core.dead.finish(entry)) {
      core.dead.giveBack(entry);
      throw new IllegalStateException("queue " + core.name + " is closed");
    }
    core.reported();
    return 1;
  }

  /** From now on nothing changes; for a queue whose workers have stopped. */
  void close() {
    core.dead.close();
  }
}
