package dev.bobbin;

import java.time.Duration;

/**
 * A time-limited hold on a batch of jobs, for those who pull: what {@link JobQueue#take} returns.
 * While it lasts nobody else gets its jobs. When it ends, those without an outcome go to others as
 * they are, with no attempt used up.
 *
 * <pre>{@code
 * try (Lease<Email> lease = emails.take(10, Duration.ofSeconds(1))) {
 *   for (LeasedJob<Email> job : lease) {
 *     mailer.send(job.payload());
 *     job.ack();
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe: any thread may settle any job, renew or close. The lease's time runs by the
 * monotonic clock, so steps of the wall clock do not touch it. A job is the holder's until the
 * queue has taken it back, which is at the lease's end or shortly after it; one atomic step decides
 * between that and an outcome that comes at the same moment.
 */
public interface Lease<T> extends Iterable<LeasedJob<T>>, AutoCloseable {
  /** How long a lease lasts that was taken without a lease time: 5 minutes. */
  Duration DEFAULT_TIME = Duration.ofMinutes(5);

  /** How many jobs there are; 0 if the wait ended without one. */
  int size();

  /** Whether there are no jobs. */
  default boolean isEmpty() {
    return size() == 0;
  }

  /**
   * The job at {@code index}, 0 to {@link #size()} - 1.
   *
   * @throws IndexOutOfBoundsException if there is no such job
   */
  LeasedJob<T> job(int index);

  /** Acks every job that has no outcome yet; returns how many that settled. */
  int ackAll();

  /** Jobs that have no outcome and are still held. */
  int unsettled();

  /**
   * The fencing token: larger than that of every lease that this queue gave before, on backends
   * with {@link Capability#FENCING_TOKENS} also across restarts and by other processes. Hand it to
   * whatever the jobs change, and have that refuse a smaller one than it has seen: then a holder
   * whose lease was lost without its knowing does no harm. 0 for an empty lease.
   */
  long token();

  /** How much time is left; zero when the lease has ended or holds nothing any more. */
  Duration expiresIn();

  /**
   * Has the lease last as long again from now on as when it was taken; returns whether it did:
   * false if it has ended or holds nothing any more.
   */
  boolean renew();

  /**
   * As {@link #renew()}, for {@code time} from now on, which may be less than what is left.
   *
   * @throws IllegalArgumentException if {@code time} is not from 10 ms to 3,650 days
   */
  boolean renew(Duration time);

  /**
   * Ends the lease: jobs without an outcome go to others at once, with no attempt used up.
   * Idempotent.
   */
  @Override
  void close();
}
