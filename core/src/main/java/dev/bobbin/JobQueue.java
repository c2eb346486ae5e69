package dev.bobbin;

import java.time.Duration;

/**
 * A queue of jobs with payloads of type {@code T}. Delivery is at least once: a job is delivered
 * until a worker has finished it, also after a crash, so handlers should be idempotent ({@link
 * Job#id} is stable over attempts).
 *
 * <p>Thread-safe: any number of threads may submit. Order is roughly first in, first out; with
 * several workers or after a retry there is none.
 *
 * <p>When {@code submit} returns, the job survives the death of the process at once, and the death
 * of the machine after at most {@link QueueOptions#flushInterval()}, or after {@link #sync()}. So
 * it is on a directory; {@link Bobbin#capabilities()} tells which of the two another backend has.
 *
 * <p>No call clears the thread's interrupt flag. An interrupt ends the waits for room and those of
 * {@link #take}, {@link #drain} and {@link #awaitIdle}, as they say, and the wait for the disk, in
 * {@link #sync} and after each submit to a queue with {@link Durability#SYNC}: that throws a {@link
 * BobbinException} with an {@link InterruptedException} as its cause, and the job is queued, but
 * when it reaches the disk is not known. Everything else, {@link #close()} among it, goes on to its
 * end.
 */
public interface JobQueue<T> extends AutoCloseable {

  /** The queue's name. */
  String name();

  /**
   * Adds a job, waiting for room if the queue is full, at most {@link
   * QueueOptions#submitTimeout()}.
   *
   * @return the job's id, stable over attempts and restarts
   * @throws RefusedException if it was not accepted; {@link RefusedException#refusal()} says why.
   *     An interrupt ends the wait the same way and leaves the thread's interrupt flag set.
   */
  JobId submit(T payload);

  /**
   * Adds a job that becomes ready after {@code delay}: by the wall clock, at the first moment at or
   * after it at which a worker is free, also across a restart.
   *
   * @param delay zero or more, at most 3,650 days
   * @throws RefusedException as {@link #submit(Object)}
   */
  JobId submit(T payload, Duration delay);

  /**
   * Adds a job that carries more than its payload: a delay, a priority, headers, a deduplication
   * key, a time to live. Waits for room as {@link #submit(Object)} does.
   *
   * @return the job's id; if {@link JobOptions#key()} is known ({@link
   *     QueueOptions#deduplication()}), the id of the first job with that key, and this one is not
   *     added
   * @throws RefusedException as {@link #submit(Object)}
   * @throws IllegalArgumentException if the time to live is not longer than the delay
   */
  JobId submit(T payload, JobOptions options);

  /**
   * Adds the jobs one after another, as {@link #submit(Object)} does, and returns how many there
   * were. Not atomic: when a job is refused, those before it stay accepted, and {@link
   * RefusedException#accepted()} says how many.
   */
  long submitAll(Iterable<? extends T> payloads);

  /**
   * Adds a job if there is room at once; never waits for it. With {@link Durability#SYNC} it waits
   * for the disk, as {@link #sync} does.
   */
  SubmitResult trySubmit(T payload);

  /**
   * As {@link #trySubmit(Object)}, with what the job carries besides its payload; {@link
   * SubmitResult.Duplicate} if its key is known.
   *
   * @throws IllegalArgumentException if the time to live is not longer than the delay
   */
  SubmitResult trySubmit(T payload, JobOptions options);

  /**
   * Waits until everything that this thread submitted before the call survives the death of the
   * machine. Concurrent callers share one force. Returns at once in memory.
   *
   * @throws RefusedException with {@link Refusal#FAILED} and the cause if the disk did not accept
   *     it
   * @throws BobbinException with an {@link InterruptedException} as its cause if the thread was
   *     interrupted, which leaves its interrupt flag set; what was submitted is queued
   */
  void sync();

  /**
   * Starts {@code workers} threads that hand each payload to {@code handler}. A normal return acks
   * the job; an exception or error retries it by {@link QueueOptions#retry()}, and makes it a dead
   * letter when its attempts are used up.
   *
   * <p>A worker holds its batch for {@link WorkOptions#lease()}. If the handler has not returned
   * then, the job it is at and those behind it go to other workers, those before it are settled as
   * they were handled, and the worker is reported as {@linkplain Workers#stuck stuck}.
   *
   * @throws BobbinException if a thread could not be made or started; then none is left running
   * @throws IllegalStateException if the queue is closed
   */
  default Workers work(int workers, JobHandler<? super T> handler) {
    return work(WorkOptions.workers(workers), handler);
  }

  /** As {@link #work(int, JobHandler)}, with options. */
  Workers work(WorkOptions options, JobHandler<? super T> handler);

  /**
   * Starts workers that hand whole batches, up to {@link WorkOptions#maxBatch()} jobs, to {@code
   * handler}. When the lease on a batch ends before the handler has returned, its jobs without an
   * outcome go to other workers.
   *
   * @throws BobbinException if a thread could not be made or started; then none is left running
   * @throws IllegalStateException if the queue is closed
   */
  Workers workBatches(WorkOptions options, BatchHandler<T> handler);

  /**
   * Starts workers that show each job's bytes to {@code handler} in place, without copying or
   * decoding. For short work: the batch's space in the queue is held while it runs. A handler that
   * outlasts its lease loses its jobs to others, who get a copy, but the space stays held until it
   * returns, because it may still be reading: until then no more than the rest of the ring can be
   * used.
   *
   * @throws BobbinException if a thread could not be made or started; then none is left running
   * @throws IllegalStateException if the queue is closed
   */
  Workers workRaw(WorkOptions options, RawHandler handler);

  /** As {@link #take(int, Duration, Duration)}, for {@link Lease#DEFAULT_TIME}. */
  default Lease<T> take(int max, Duration wait) {
    return take(max, wait, Lease.DEFAULT_TIME);
  }

  /**
   * Takes jobs for the caller to work on, waiting for the first one at most {@code wait}. The
   * alternative to {@code work} for those who bring their own threads. Settle every job, or close
   * the lease.
   *
   * <p>Returns as soon as there is a job, with those that are there. Ready jobs that lie on disk,
   * after opening or behind a backlog, are there: a take waits for them to be read, at most a
   * second longer than {@code wait}. A job with a delay, a priority or a retry is there a moment
   * after it is due, when the timer thread has fetched it. Jobs under a lease take up room that all
   * batches in hand share, an eighth of the ring: when it is used up, takers and workers wait.
   *
   * @param max most jobs, 1 to 4,096; a lease also ends at the bytes of a {@linkplain
   *     WorkOptions#maxBatch() batch}
   * @param wait 0 to 3,650 days
   * @param leaseTime how long the jobs are the caller's, 10 ms to 3,650 days
   * @return an empty lease if there was no job, the queue was closed meanwhile, or the thread was
   *     interrupted, which leaves its interrupt flag set
   * @throws IllegalArgumentException if an argument is out of its range
   * @throws IllegalStateException if the queue is closed
   * @throws BobbinException if the queue has stopped after an error; it names the cause
   */
  Lease<T> take(int max, Duration wait, Duration leaseTime);

  /**
   * Has workers and takers get no further jobs until {@link #resume}; jobs in hand are finished,
   * and new ones are accepted as long as there is room. Returns at once. Idempotent; not kept over
   * a restart.
   */
  void pause();

  /** Ends a {@link #pause} and a {@link #drain}. Idempotent. */
  void resume();

  /**
   * Refuses further jobs with {@link Refusal#DRAINING} and waits until none is ready or in flight,
   * while workers and takers go on. Delayed jobs, retries among them, stay where they are; one that
   * becomes due meanwhile is worked on. The queue goes on refusing until {@link #resume} or {@link
   * #close}, also when the time was not enough. A paused queue with jobs does not get there.
   *
   * @param timeout 0 to 3,650 days
   * @return whether nothing was ready or in flight at some moment; false if the time ended first,
   *     the queue was closed or stopped, or the thread was interrupted, which leaves its interrupt
   *     flag set
   */
  boolean drain(Duration timeout);

  /**
   * Waits until no job is ready or in flight; delayed jobs do not count. Jobs are accepted all the
   * time, so under load the moment may never come.
   *
   * @param timeout 0 to 3,650 days
   * @return as {@link #drain}
   */
  boolean awaitIdle(Duration timeout);

  /** One snapshot of the queue; cheap enough to ask for ten times a second. */
  QueueStatus status();

  /** What was found when this queue was opened. */
  RecoveryReport recovery();

  /** The jobs that were set aside. */
  DeadLetters deadLetters();

  /**
   * Refuses further jobs, lets the workers finish the batches in hand, makes everything durable and
   * stops. Jobs that no worker had begun stay for the next open. Waits for the handlers, but not
   * for {@linkplain Workers#stuck stuck} ones; leases of {@link #take} end at once, and their
   * unsettled jobs stay for the next open, too. A second thread that closes waits for the first.
   * Idempotent.
   *
   * @throws BobbinException if something could not be made durable; it names the cause
   * @throws IllegalStateException if a handler of this queue calls it
   */
  @Override
  void close();

  /**
   * As {@link #close()}, with a bound on the wait for handlers and leases: what a shutdown hook
   * should call. When {@code timeout} is over, the threads of handlers that still run are
   * interrupted; they get one more second to return. A job whose handler throws then is handed back
   * with no attempt used up, and so is what a handler holds that ignores even the interrupt: it is
   * delivered again after the next open, and nothing that handler does later counts.
   *
   * @param timeout 0 to 3,650 days
   * @throws BobbinException if something could not be made durable; it names the cause
   * @throws IllegalStateException if a handler of this queue calls it
   */
  void close(Duration timeout);
}
