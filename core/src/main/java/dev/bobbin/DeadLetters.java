package dev.bobbin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The jobs of a queue that were set aside: attempts used up, rejected, undecodable, or expired.
 * {@link DeadLetterLimit} says how many are kept.
 *
 * <pre>{@code
 * DeadLetters dead = queue.deadLetters();
 * for (DeadLetterGroup group : dead.groups()) {
 *   System.out.println(group.count() + " times " + group.error());
 * }
 * dead.retryIf(letter -> letter.reason().contains("timed out"), 50); // at most 50 jobs a second
 * }</pre>
 *
 * <p>Thread-safe. Letters come and go while they are looked at: each call sees those that were
 * there when it began, but for some that another thread retried or purged meanwhile. Of several
 * threads that retry or purge the same letter, exactly one succeeds. Consumers and predicates run
 * on the caller's thread, and no lock is held.
 *
 * <p>A <b>retried</b> job keeps its id, submit time, payload, headers and priority, is ready at
 * once and begins with attempt 1; a time to live is lifted. It is admitted like a submitted one: it
 * counts towards {@link Limits}, waits for room up to {@link QueueOptions#submitTimeout()}, and may
 * be refused; then the letter stays. A crash leaves the letter or the job, never both and never
 * none.
 *
 * <p>A <b>purged</b> letter is gone for good once the flush that follows is through; a crash before
 * that may bring it back.
 *
 * <p>An interrupt ends the wait for room and the wait for the next one at a steady rate. With
 * {@link Durability#SYNC} retried jobs are waited for as by {@link JobQueue#sync}, which an
 * interrupt ends with an exception: the jobs are queued. Nothing else notices an interrupt, and
 * none is cleared.
 *
 * <p>On a closed queue whatever would read, retry or purge a letter throws {@link
 * IllegalStateException}. Purging on a queue that has failed throws {@link RefusedException} with
 * {@link Refusal#FAILED}.
 */
public interface DeadLetters {
  /**
   * How many there are. One that waits for room to be retried counts, though it is not shown until
   * its job is accepted or refused.
   */
  long count();

  /**
   * Dead letters from {@code cursor} on, in the order in which they died. Fewer than {@code max}
   * when they are large: a page holds about 4 MiB, and at least one letter if there is one.
   *
   * @param cursor 0 for the oldest, or {@link DeadLetterPage#nextCursor()} of the page before.
   *     Cursors stay valid while letters come and go, also across a restart.
   * @param max most to return, 1 to 100,000
   */
  DeadLetterPage page(long cursor, int max);

  /**
   * The oldest dead letters, in the order in which they died. Holds all of them in memory: for many
   * use {@link #forEach}.
   *
   * @param max most to return, 1 to 100,000
   */
  default List<DeadLetter> list(int max) {
    DeadLetterPage page = page(0, max);
    List<DeadLetter> letters = new ArrayList<>(page.letters());
    while (page.hasMore() && letters.size() < max) {
      page = page(page.nextCursor(), max - letters.size());
      letters.addAll(page.letters());
    }
    return letters;
  }

  /** The dead letter of this job, if it is one. */
  Optional<DeadLetter> find(JobId id);

  /**
   * Shows each dead letter to {@code consumer}, in the order in which they died. Holds one page in
   * memory at a time, so any number can be exported.
   */
  void forEach(Consumer<? super DeadLetter> consumer);

  /**
   * The dead letters by {@link DeadLetter#error()}, the most frequent first. Reads all of them. At
   * most 1,000 groups are returned; what does not fit is counted in a last one, for which {@link
   * DeadLetterGroup#others()} is true.
   */
  default List<DeadLetterGroup> groups() {
    Grouping grouping = new Grouping();
    forEach(grouping::add);
    return grouping.groups();
  }

  /**
   * Retries one.
   *
   * @return whether it was there
   * @throws RefusedException if the queue does not accept it; it stays a dead letter
   */
  default boolean retry(JobId id) {
    return retry(List.of(id)) == 1;
  }

  /**
   * Retries those that are there.
   *
   * @return how many there were
   * @throws RefusedException if the queue does not accept one of them; it and the rest stay, and
   *     {@link RefusedException#accepted()} says how many were retried. An interrupt during the
   *     wait for room ends it the same way and leaves the thread's interrupt flag set.
   */
  long retry(Collection<JobId> ids);

  /**
   * Retries all, but not those that die again meanwhile. An interrupt ends it early and leaves the
   * thread's interrupt flag set.
   *
   * @return how many
   * @throws RefusedException as {@link #retry(Collection)}
   */
  default long retryAll() {
    return retryIf(letter -> true);
  }

  /**
   * As {@link #retryAll()}, at a steady rate. Returns when the last one was accepted.
   *
   * @param jobsPerSecond more than 0
   * @return how many
   * @throws RefusedException as {@link #retry(Collection)}
   */
  default long retryAll(double jobsPerSecond) {
    return retryIf(letter -> true, jobsPerSecond);
  }

  /**
   * Retries those that {@code which} wants, as {@link #retryAll()}. {@code group::contains} wants
   * those of a {@link DeadLetterGroup}.
   */
  default long retryIf(Predicate<? super DeadLetter> which) {
    return retryIf(which, Double.POSITIVE_INFINITY);
  }

  /** Retries those that {@code which} wants at a steady rate, as {@link #retryAll(double)}. */
  long retryIf(Predicate<? super DeadLetter> which, double jobsPerSecond);

  /** Deletes one; returns whether it was there. */
  default boolean purge(JobId id) {
    return purge(List.of(id)) == 1;
  }

  /** Deletes those that are there; returns how many there were. */
  long purge(Collection<JobId> ids);

  /** Deletes all that were there when the call began; returns how many. Reads none of them. */
  long purgeAll();

  /** Deletes those that {@code which} wants; returns how many. */
  long purgeIf(Predicate<? super DeadLetter> which);
}
