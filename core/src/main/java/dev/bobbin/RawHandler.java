package dev.bobbin;

/**
 * Looks at one job's bytes where they lie. Called by several worker threads at once, each with a
 * {@link RawJob} of its own.
 */
@FunctionalInterface
public interface RawHandler {
  /**
   * Does the job. Returning acks it; throwing retries it. {@code job} is valid during the call
   * only.
   *
   * @throws Exception to have the job retried
   */
  void handle(RawJob job) throws Exception;
}
