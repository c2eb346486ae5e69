package dev.bobbin.kafka;

import dev.bobbin.BobbinException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the records of a queue's dead letters: all in order, once, and any of them again. No read
 * waits longer than the time-out for brokers that say nothing. Guarded by itself.
 */
final class LetterReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition where;
  private final Duration timeout;

  /** Up to where the topic was read. */
  private long next;

  private boolean closed;

  /** Takes over the consumer. */
  LetterReader(Consumer<byte[], byte[]> consumer, TopicPartition where, Duration timeout) {
    this.consumer = consumer;
    this.where = where;
    this.timeout = timeout;
    try {
      consumer.assign(List.of(where));
      consumer.seekToBeginning(List.of(where));
      next = consumer.position(where);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** Gives what has come, without waiting. */
  synchronized void look(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to) {
    if (!closed) {
      give(consumer.poll(Duration.ZERO), to);
    }
  }

  /**
   * Gives everything up to the end of the topic as it is now.
   *
   * @throws BobbinException if nothing comes, though there is more
   */
  synchronized void readOn(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to) {
    long end = Objects.requireNonNull(consumer.endOffsets(List.of(where)).get(where));
    long since = System.nanoTime();
    while (next < end) {
      long before = next;
      give(consumer.poll(POLL), to);
      // Behind what is no record: the last ones may have been compacted away.
      next = Math.max(next, consumer.position(where));
      since = next > before ? System.nanoTime() : inTime(since, next, end);
    }
  }

  private void give(
      ConsumerRecords<byte[], byte[]> records,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      to.accept(record);
      next = Math.max(next, record.offset() + 1);
    }
  }

  /**
   * The records at these offsets, in ascending order; one that was compacted away is left out.
   *
   * @throws BobbinException if nothing comes, though there is more
   */
  synchronized List<ConsumerRecord<byte[], byte[]>> records(List<Long> wanted) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    Set<Long> left = new HashSet<>(wanted);
    long last = wanted.get(wanted.size() - 1);
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try {
      consumer.seek(where, wanted.get(0));
      long since = System.nanoTime();
      long at = wanted.get(0);
      while (at <= last) {
        long before = at;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (left.remove(record.offset())) {
            found.add(record);
          }
        }
        at = consumer.position(where);
        since = at > before ? System.nanoTime() : inTime(since, at, last + 1);
      }
    } finally {
      consumer.seek(where, next);
    }
    return found;
  }

  /** Returns {@code since}, unless that is too long ago. */
  private long inTime(long since, long at, long end) {
    if (System.nanoTime() - since > timeout.toNanos()) {
      throw new BobbinException(
          "no dead letter came from topic "
              + where.topic()
              + " within "
              + timeout
              + ": expected those at offsets "
              + at
              + " to "
              + (end - 1)
              + ". Are its brokers up?",
          null);
    }
    return since;
  }

  @Override
  public synchronized void close() {
    closed = true;
    consumer.close();
  }
}
