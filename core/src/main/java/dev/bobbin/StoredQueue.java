package dev.bobbin;

/**
 * A queue that exists, with what was fixed when it was created. All other options belong to the
 * program that opens it and are not stored.
 *
 * @param name the queue's name
 * @param ringBytes size of its ring, {@link QueueOptions#ringBytes()}
 * @param segmentBytes size of its journal's segments, {@link QueueOptions#segmentBytes()}
 */
public record StoredQueue(String name, int ringBytes, int segmentBytes) {

  /**
   * Options to open the queue with, for tools that do not know those of the program it belongs to:
   * these sizes, the largest payload that they allow, no limit on jobs, bytes or dead letters, and
   * the highest on crashes, so that opening it takes nothing out of it. The rest is as in {@link
   * QueueOptions#defaults()}.
   *
   * <pre>{@code
   * for (String name : bobbin.queueNames()) {
   *   StoredQueue stored = bobbin.storedQueue(name).orElseThrow();
   *   try (JobQueue<byte[]> queue = bobbin.queue(name, Codec.bytes(), stored.options())) {
   *     System.out.println(queue.status());
   *   }
   * }
   * }</pre>
   */
  public QueueOptions options() {
    return QueueOptions.defaults()
        .withRingBytes(ringBytes)
        .withSegmentBytes(segmentBytes)
        .withMaxPayloadBytes(maxPayloadBytes())
        .withLimits(new Limits(Long.MAX_VALUE, Long.MAX_VALUE))
        .withRetry(RetryPolicy.DEFAULT.crashes(15))
        .withDeadLetters(DeadLetterLimit.NONE);
  }

  /** The largest payload, headers included, that any program can have stored in the queue. */
  public int maxPayloadBytes() {
    return QueueOptions.largestPayload(ringBytes, segmentBytes);
  }
}
