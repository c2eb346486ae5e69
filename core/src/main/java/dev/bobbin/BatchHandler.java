package dev.bobbin;

/** Does a batch of jobs. Called by several worker threads at once. */
@FunctionalInterface
public interface BatchHandler<T> {
  /**
   * Does the jobs of {@code batch}. Those that got no outcome of their own are acked on return, and
   * retried if this method throws. The batch must not be used after the call.
   *
   * @throws Exception to have every job without an outcome retried
   */
  void handle(Batch<T> batch) throws Exception;
}
