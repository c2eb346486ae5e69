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
 * of the machine after at most {@link QueueOptions#flushInterval()}, or after {@link #sync()}. A
 * queue in memory has neither.
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

  /** Adds a job if there is room at once; never waits for it. */
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
   */
  void sync();

  /**
   * Starts {@code workers} threads that hand each payload to {@code handler}. A normal return acks
   * the job; an exception retries it by {@link QueueOptions#retry()}, and makes it a dead letter
   * when its attempts are used up.
   */
  default Workers work(int workers, JobHandler<? super T> handler) {
    return work(WorkOptions.workers(workers), handler);
  }

  /** As {@link #work(int, JobHandler)}, with options. */
  Workers work(WorkOptions options, JobHandler<? super T> handler);

  /**
   * Starts workers that hand whole batches, up to {@link WorkOptions#maxBatch()} jobs, to {@code
   * handler}.
   */
  Workers workBatches(WorkOptions options, BatchHandler<T> handler);

  /**
   * Starts workers that show each job's bytes to {@code handler} in place, without copying or
   * decoding. For short work: the batch's space in the queue is held while it runs.
   */
  Workers workRaw(WorkOptions options, RawHandler handler);

  /** One snapshot of the queue; cheap enough to ask for ten times a second. */
  QueueStatus status();

  /** What was found when this queue was opened. */
  RecoveryReport recovery();

  /** The jobs that were set aside. */
  DeadLetters deadLetters();

  /**
   * Refuses further jobs, lets the workers finish the batches in hand, makes everything durable and
   * stops. Jobs that no worker had begun stay for the next open. Waits for the handlers.
   * Idempotent.
   *
   * @throws BobbinException if something could not be made durable; it names the cause
   * @throws IllegalStateException if a handler of this queue calls it
   */
  @Override
  void close();
}
