package dev.bobbin.kafka;

import dev.bobbin.BobbinException;
import dev.bobbin.internal.ring.Cursor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Sends records, and knows what the brokers have not confirmed. One for all queues of a {@code
 * Bobbin}. Thread-safe.
 */
final class Publisher implements AutoCloseable {
  static final long BUFFER_BYTES = 128 << 20;

  /**
   * Beyond this, producers wait: the rest is left to copies of jobs that were put off, and to what
   * the client wastes on batches that the next record does not fit into, at most as much again.
   */
  private static final long MOST_UNCONFIRMED_BYTES = BUFFER_BYTES / 8 * 3;

  /** What a record has besides key, value and headers, and a header besides its name and value. */
  private static final int RECORD_BYTES = 24;

  private static final int HEADER_BYTES = 4;

  private final Producer<byte[], byte[]> producer;

  // Apart from each other: senders write one, the client's thread the other, with each record.
  private final Cursor sentBytes = new Cursor(0);
  private final Cursor confirmedBytes = new Cursor(0);

  /** What was confirmed when a sender last had to know. */
  private final Cursor seenConfirmedBytes = new Cursor(0);

  /** When how many bytes had been sent; the first is older than all that is not confirmed. */
  private record Mark(long nanos, long sentBytes) {}

  /** Guarded by itself. */
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();

  /** The millisecond in which the last mark was made. */
  private volatile long lastMarkMillis = Long.MIN_VALUE;

  Publisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** Sends a record now. */
  void send(ProducerRecord<byte[], byte[]> record, Consumer<@Nullable Exception> then) {
    send(record, System.currentTimeMillis(), then);
  }

  /**
   * Sends a record; {@code then} is told on the client's thread when the brokers have it, or why
   * they never will.
   *
   * @param nowMillis what the clock says; a caller that has looked need not have it looked at again
   * @throws KafkaException if it could not even be begun
   */
  void send(
      ProducerRecord<byte[], byte[]> record, long nowMillis, Consumer<@Nullable Exception> then) {
    long bytes = bytes(record);
    mark(sentBytes.getAndAdd(bytes), nowMillis);
    Answer answer = new Answer(bytes, then);
    try {
      begin(record, answer);
    } catch (RuntimeException e) {
      confirmedBytes.getAndAdd(bytes);
      throw e;
    }
    answer.throwIfRefused();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its callback has the error
  private void begin(ProducerRecord<byte[], byte[]> record, Answer answer) {
    producer.send(record, answer);
  }

  private static long bytes(ProducerRecord<byte[], byte[]> record) {
    long bytes = RECORD_BYTES;
    bytes += length(record.key());
    bytes += length(record.value());
    for (Header header : record.headers()) {
      bytes += HEADER_BYTES;
      bytes += header.key().length();
      bytes += length(header.value());
    }
    return bytes;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /**
   * Awaits what the brokers say of a record. The client tells of an error that it finds itself,
   * such as that it has no room, on the sender's thread before it returns: that is thrown instead.
   */
  private final class Answer implements Callback {
    private final long bytes;
    private final Consumer<@Nullable Exception> then;
    private final Thread sender = Thread.currentThread();

    /** Both are the sender's. */
    private boolean begun;

    private @Nullable Exception refusal;

    Answer(long bytes, Consumer<@Nullable Exception> then) {
      this.bytes = bytes;
      this.then = then;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata where, @Nullable Exception e) {
      confirmedBytes.getAndAdd(bytes);
      if (e != null && Thread.currentThread() == sender && !begun) {
        refusal = e;
      } else {
        then.accept(e);
      }
    }

    void throwIfRefused() {
      begun = true;
      Exception e = refusal;
      if (e != null) {
        throw e instanceof KafkaException known ? known : new KafkaException(e);
      }
    }
  }

  /** Once in a millisecond, which is how exactly the age of what is not confirmed is known. */
  private void mark(long sentBefore, long nowMillis) {
    if (nowMillis != lastMarkMillis) {
      lastMarkMillis = nowMillis;
      synchronized (marks) {
        marks.add(new Mark(System.nanoTime(), sentBefore));
        forgetConfirmed();
      }
    }
  }

  /** The first mark stays the last one before what is not confirmed. Monitor held. */
  private void forgetConfirmed() {
    long confirmed = confirmedBytes.getVolatile();
    Mark first = marks.poll();
    while (first != null && !marks.isEmpty() && marks.element().sentBytes <= confirmed) {
      first = marks.poll();
    }
    if (first != null) {
      marks.addFirst(first);
    }
  }

  /** Bytes of records that the brokers have not confirmed, about. */
  long unconfirmedBytes() {
    // What is confirmed first: the difference is not negative.
    long confirmed = confirmedBytes.getVolatile();
    return sentBytes.getVolatile() - confirmed;
  }

  /** Since when, at most, the oldest of them has been waiting, as {@link System#nanoTime}. */
  long unconfirmedSince() {
    synchronized (marks) {
      forgetConfirmed();
      Mark first = marks.peek();
      return first == null ? System.nanoTime() : first.nanos;
    }
  }

  boolean isFull() {
    if (sentBytes.getVolatile() - seenConfirmedBytes.getOpaque() <= MOST_UNCONFIRMED_BYTES) {
      return false;
    }
    long confirmed = confirmedBytes.getVolatile();
    seenConfirmedBytes.setRelease(confirmed);
    return sentBytes.getVolatile() - confirmed > MOST_UNCONFIRMED_BYTES;
  }

  /** Waits until the brokers have answered for everything that was sent before. */
  void flush() {
    try {
      producer.flush();
    } catch (org.apache.kafka.common.errors.InterruptException e) {
      // It has taken the flag's meaning over, and left it set.
      throw new BobbinException(
          "interrupted while waiting for the brokers; the job is queued, its durability unknown",
          new InterruptedException(e.getMessage()));
    }
  }

  /**
   * As {@link #flush()}, for a queue that closes, at most so long.
   *
   * @throws BobbinException if that was not enough
   */
  void flush(String queue, Duration timeout) {
    Thread flushing = new Thread(producer::flush, "bobbin-kafka-flush");
    flushing.setDaemon(true);
    flushing.start();
    if (!Threads.join(flushing, timeout.toNanos())) {
      flushing.interrupt();
      throw new BobbinException(
          "queue "
              + queue
              + " is closed, but the brokers have not confirmed "
              + unconfirmedBytes()
              + " bytes within "
              + timeout
              + ": what was submitted last may be lost");
    }
  }

  /** How many partitions a topic has; makes the producer know it. */
  int partitions(String topic) {
    return producer.partitionsFor(topic).size();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
