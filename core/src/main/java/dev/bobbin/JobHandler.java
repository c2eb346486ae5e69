package dev.bobbin;

/** Does one job. Called by several worker threads at once. */
@FunctionalInterface
public interface JobHandler<T> {
  /**
   * Does the job. Returning acks it; throwing retries it.
   *
   * @throws Exception to have the job retried; its text becomes the job's last error
   */
  void handle(T payload) throws Exception;
}
