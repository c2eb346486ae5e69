package dev.bobbin;

/**
 * The jobs that a worker took together. Valid inside {@link BatchHandler#handle} only; not
 * thread-safe.
 */
public interface Batch<T> extends Iterable<Job<T>> {
  /** How many jobs there are, at least 1. */
  int size();

  /**
   * The payload of the job at {@code index}, 0 to {@link #size()} - 1. Allocates nothing but the
   * payload; decoded once.
   *
   * @throws IndexOutOfBoundsException if there is no such job
   */
  T payload(int index);

  /**
   * The job at {@code index}, with its id, attempt and outcomes.
   *
   * @throws IndexOutOfBoundsException if there is no such job
   */
  Job<T> job(int index);
}
