package dev.bobbin;

import java.time.Duration;
import java.util.Optional;

/**
 * A snapshot of one queue.
 *
 * @param queue the queue's name
 * @param ready jobs that no worker has taken
 * @param inFlight jobs in workers' hands
 * @param delayed jobs waiting for their due time
 * @param dead jobs set aside
 * @param acked jobs finished by an ack since the queue was opened
 * @param retried deliveries that failed and were scheduled again since the queue was opened
 * @param snoozed deliveries put off without using an attempt since the queue was opened
 * @param died jobs set aside since the queue was opened
 * @param ringBytes the ring's size
 * @param ringUsedBytes the part of it in use
 * @param journalBytes size of the journal's segments in use, 0 in memory
 * @param journalLiveBytes bytes of unfinished jobs in them
 * @param notDurableBytes bytes accepted but not yet forced: what the machine's death would cost now
 * @param notDurableFor for how long the oldest of them has been waiting
 * @param flushes force cycles since the queue was opened
 * @param failure why the queue has stopped, if it has
 */
public record QueueStatus(
    String queue,
    long ready,
    long inFlight,
    long delayed,
    long dead,
    long acked,
    long retried,
    long snoozed,
    long died,
    long ringBytes,
    long ringUsedBytes,
    long journalBytes,
    long journalLiveBytes,
    long notDurableBytes,
    Duration notDurableFor,
    long flushes,
    Optional<Throwable> failure) {

  /** Ready, in flight and delayed jobs: what is still to be done. */
  public long unfinished() {
    return ready + inFlight + delayed;
  }
}
