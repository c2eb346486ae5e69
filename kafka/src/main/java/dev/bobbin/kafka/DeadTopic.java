package dev.bobbin.kafka;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetterLimit;
import dev.bobbin.DeadLetterLimit.WhenFull;
import dev.bobbin.JobId;
import dev.bobbin.internal.local.Dispatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a queue: the records of a compacted topic with one partition, each under its
 * job's id; a record without a value takes the letter back. This process knows where they lie, some
 * hundred bytes for each, and reads the letters themselves when somebody wants to see them.
 * Thread-safe.
 */
final class DeadTopic implements AutoCloseable {
  private static final int MOST_REASON_BYTES = 1024;

  private final TopicPartition where;
  private final Publisher publisher;
  private final LetterReader reader;
  private final DeadLetterLimit limit;
  private volatile @Nullable Dispatch<?> dispatch;

  // Guarded by the letters; never held while the brokers are asked.
  private final Map<JobId, Long> letters = new HashMap<>();
  private final TreeMap<Long, JobId> offsets = new TreeMap<>();

  /** This process's own, which it has not read back. */
  private final Set<JobId> unread = new LinkedHashSet<>();

  private final Set<JobId> claimed = new HashSet<>();

  /**
   * @param reader is closed with the topic
   * @param timeout how long to wait for the brokers when letters are read
   */
  DeadTopic(
      Topics topics,
      Publisher publisher,
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader,
      DeadLetterLimit limit,
      Duration timeout) {
    this.where = new TopicPartition(topics.dead(), 0);
    this.publisher = publisher;
    this.reader = new LetterReader(reader, where, timeout);
    this.limit = limit;
  }

  void begin(Dispatch<?> newDispatch) {
    dispatch = newDispatch;
    changed();
  }

  /** As much of a reason as a letter keeps. */
  static String cut(String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= MOST_REASON_BYTES) {
      return reason;
    }
    int end = MOST_REASON_BYTES;
    while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8);
  }

  // Letters come and go.

  /** Adds the letter of a job; {@code then} is told when the brokers have it, or why not. */
  void add(
      ConsumerRecord<byte[], byte[]> job, Envelope letter, Consumer<@Nullable Exception> then) {
    JobId id = letter.id();
    synchronized (letters) {
      letters.put(id, -1L);
      unread.add(id);
    }
    ProducerRecord<byte[], byte[]> record =
        Records.copy(job, where.topic(), where.partition(), letter);
    try {
      publisher.send(record, e -> added(id, e, then));
    } catch (RuntimeException e) {
      added(id, e, then);
    }
    discard();
    changed();
  }

  private void added(JobId id, @Nullable Exception e, Consumer<@Nullable Exception> then) {
    if (e != null) {
      forget(id);
      changed();
    }
    then.accept(e);
  }

  private void forget(JobId id) {
    synchronized (letters) {
      Long offset = letters.remove(id);
      if (offset != null && offset >= 0) {
        offsets.remove(offset);
      }
      unread.remove(id);
      claimed.remove(id);
    }
  }

  /** Invariant 9: one more than there may be discards the oldest. */
  private void discard() {
    while (limit.whenFull() == WhenFull.DISCARD_OLDEST) {
      JobId oldest;
      synchronized (letters) {
        if (letters.size() - claimed.size() <= limit.jobs()) {
          return;
        }
        oldest = oldestUnclaimed();
        if (oldest == null) {
          return;
        }
        claimed.add(oldest);
      }
      remove(oldest);
      Dispatch<?> to = dispatch;
      if (to != null) {
        to.counters().deadDiscarded.increment();
      }
    }
  }

  private @Nullable JobId oldestUnclaimed() {
    for (JobId id : offsets.values()) {
      if (!claimed.contains(id)) {
        return id;
      }
    }
    for (JobId id : unread) {
      if (!claimed.contains(id)) {
        return id;
      }
    }
    return null;
  }

  /** Claims a letter; false if it is gone, or somebody else has claimed it. */
  boolean claim(JobId id) {
    boolean mine;
    synchronized (letters) {
      mine = letters.containsKey(id) && claimed.add(id);
    }
    changed();
    return mine;
  }

  /** A claimed letter stays after all. */
  void giveBack(JobId id) {
    synchronized (letters) {
      claimed.remove(id);
    }
    changed();
  }

  /** Takes a claimed letter back. */
  void remove(JobId id) {
    ProducerRecord<byte[], byte[]> none =
        new ProducerRecord<>(where.topic(), where.partition(), Records.key(id), null);
    publisher.send(
        none,
        e -> {
          Dispatch<?> to = dispatch;
          if (e != null && to != null) {
            // Invariant 7: whoever purged it was told that it is gone.
            to.fail(e);
          }
        });
    forget(id);
    changed();
  }

  private void changed() {
    Dispatch<?> to = dispatch;
    if (limit.whenFull() == WhenFull.PAUSE_WORKERS && to != null) {
      to.turnstile().update(() -> unclaimed() >= limit.jobs());
    }
  }

  private int unclaimed() {
    synchronized (letters) {
      return letters.size() - claimed.size();
    }
  }

  int size() {
    synchronized (letters) {
      return letters.size();
    }
  }

  // The topic is read.

  /** Takes in what has come, without waiting. */
  void look() {
    reader.look(this::read);
    changed();
  }

  /** Takes in the letters that there are, this process's own among them, and what came since. */
  void catchUp() {
    List<JobId> own;
    synchronized (letters) {
      own = List.copyOf(unread);
    }
    do {
      publisher.flush();
      reader.readOn(this::read);
      // One that was counted a moment ago may not have been on its way.
    } while (isUnread(own));
    changed();
  }

  private boolean isUnread(List<JobId> ids) {
    synchronized (letters) {
      return ids.stream().anyMatch(unread::contains);
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    JobId id = Records.id(record.key());
    if (id == null) {
      return;
    }
    synchronized (letters) {
      Long before = letters.get(id);
      if (before != null && before >= 0) {
        offsets.remove(before);
      }
      unread.remove(id);
      if (record.value() == null) {
        letters.remove(id);
        claimed.remove(id);
      } else {
        letters.put(id, record.offset());
        offsets.put(record.offset(), id);
      }
    }
  }

  /** Where the letters lie that are there from {@code offset} on, at most {@code max}. */
  List<Long> offsets(long offset, int max) {
    synchronized (letters) {
      List<Long> found = new ArrayList<>();
      for (Map.Entry<Long, JobId> entry : offsets.tailMap(offset, true).entrySet()) {
        if (found.size() == max) {
          break;
        }
        if (!claimed.contains(entry.getValue())) {
          found.add(entry.getKey());
        }
      }
      return found;
    }
  }

  /** The job whose letter lies at {@code offset}, or null. */
  @Nullable JobId id(long offset) {
    synchronized (letters) {
      return offsets.get(offset);
    }
  }

  /** Where the letter of {@code id} lies, or -1. */
  long offset(JobId id) {
    synchronized (letters) {
      Long offset = letters.get(id);
      return offset == null || claimed.contains(id) ? -1 : offset;
    }
  }

  /** Behind the last letter. */
  long end() {
    synchronized (letters) {
      return offsets.isEmpty() ? 0 : offsets.lastKey() + 1;
    }
  }

  /** The records at these offsets, in ascending order; one that was compacted away is left out. */
  List<ConsumerRecord<byte[], byte[]>> records(List<Long> wanted) {
    return reader.records(wanted);
  }

  /** What a record says to people. */
  static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    Envelope letter = Records.envelope(record);
    byte[] payload = Records.payload(record);
    return new DeadLetter(
        letter.id(),
        letter.attempt(),
        Instant.ofEpochMilli(letter.submittedMillis()),
        Instant.ofEpochMilli(letter.diedMillis()),
        letter.reason(),
        Records.headers(record.headers()),
        Arrays.copyOf(payload, payload.length));
  }

  @Override
  public void close() {
    reader.close();
  }
}
