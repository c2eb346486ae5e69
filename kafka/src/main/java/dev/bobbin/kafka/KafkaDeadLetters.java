package dev.bobbin.kafka;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetterPage;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobId;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.local.Pace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The public face of a queue's dead letters. User code runs on the caller's thread. */
final class KafkaDeadLetters implements DeadLetters {
  private static final int MAX_PAGE = 100_000;
  private static final int PAGE_BYTES = 4 << 20;

  /** Letters that are read at once. */
  private static final int CHUNK = 256;

  private final DeadTopic topic;
  private final Revival revival;
  private final Runnable refuseIfClosed;

  /** Has a dead letter's job admitted, and sends it. */
  interface Revival {
    /** Throws {@link RefusedException} if the queue does not take it. */
    void revive(ConsumerRecord<byte[], byte[]> letter);
  }

  /** {@code refuseIfClosed} throws if the queue is closed. */
  KafkaDeadLetters(DeadTopic topic, Revival revival, Runnable refuseIfClosed) {
    this.topic = topic;
    this.revival = revival;
    this.refuseIfClosed = refuseIfClosed;
  }

  @Override
  public long count() {
    return topic.size();
  }

  @Override
  public DeadLetterPage page(long cursor, int max) {
    if (max < 1 || max > MAX_PAGE) {
      throw new IllegalArgumentException("max must be from 1 to " + MAX_PAGE + ", found " + max);
    }
    if (cursor < 0) {
      throw new IllegalArgumentException(
          "cursor must be 0 or DeadLetterPage.nextCursor, found " + cursor);
    }
    catchUp();
    List<DeadLetter> letters = new ArrayList<>();
    long next = cursor;
    long bytes = 0;
    List<Long> offsets = topic.offsets(next, Math.min(CHUNK, max));
    while (!offsets.isEmpty() && bytes < PAGE_BYTES) {
      for (ConsumerRecord<byte[], byte[]> record : topic.records(offsets)) {
        letters.add(DeadTopic.letter(record));
        bytes += record.serializedValueSize();
      }
      next = offsets.get(offsets.size() - 1) + 1;
      offsets = topic.offsets(next, Math.min(CHUNK, max - letters.size()));
    }
    return new DeadLetterPage(letters, next, !topic.offsets(next, 1).isEmpty());
  }

  private void catchUp() {
    refuseIfClosed.run();
    topic.catchUp();
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    catchUp();
    return records(List.of(id)).stream().map(DeadTopic::letter).findFirst();
  }

  private List<ConsumerRecord<byte[], byte[]>> records(Collection<JobId> ids) {
    List<Long> offsets =
        ids.stream().distinct().map(topic::offset).filter(at -> at >= 0).sorted().toList();
    return topic.records(offsets);
  }

  @Override
  public void forEach(Consumer<? super DeadLetter> consumer) {
    scan(
        record -> {
          consumer.accept(DeadTopic.letter(record));
          return true;
        });
  }

  /** Shows all letters that are there now, until {@code visitor} returns false. */
  private void scan(Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    catchUp();
    long end = topic.end();
    List<Long> offsets = topic.offsets(0, CHUNK);
    while (!offsets.isEmpty() && offsets.get(0) < end) {
      for (ConsumerRecord<byte[], byte[]> record : topic.records(offsets)) {
        if (record.offset() >= end || !visitor.test(record)) {
          return;
        }
      }
      offsets = topic.offsets(offsets.get(offsets.size() - 1) + 1, CHUNK);
    }
  }

  @Override
  public long retry(Collection<JobId> ids) {
    catchUp();
    Revived revived = new Revived();
    records(ids).forEach(revived::revive);
    return revived.count;
  }

  @Override
  public long retryIf(Predicate<? super DeadLetter> which, double jobsPerSecond) {
    Pace pace = new Pace(jobsPerSecond);
    Revived revived = new Revived();
    scan(
        record -> {
          if (!which.test(DeadTopic.letter(record))) {
            return true;
          }
          return pace.await(refuseIfClosed) && revived.reviveInTime(record);
        });
    return revived.count;
  }

  /** The letters that one call has turned into jobs again. */
  private final class Revived {
    private long count;

    void revive(ConsumerRecord<byte[], byte[]> record) {
      JobId id = Records.envelope(record).id();
      if (!topic.claim(id)) {
        return;
      }
      try {
        revival.revive(record);
      } catch (RefusedException e) {
        topic.giveBack(id);
        throw new RefusedException(e.refusal(), e.detail(), e.getCause(), count);
      } catch (RuntimeException | Error e) {
        topic.giveBack(id);
        throw e;
      }
      topic.remove(id);
      count++;
    }

    /** False if an interrupt ended the wait for room. */
    boolean reviveInTime(ConsumerRecord<byte[], byte[]> record) {
      try {
        revive(record);
        return true;
      } catch (RefusedException e) {
        if (e.getCause() instanceof InterruptedException) {
          return false;
        }
        throw e;
      }
    }
  }

  @Override
  public long purge(Collection<JobId> ids) {
    catchUp();
    return ids.stream().distinct().filter(this::purgeClaimed).count();
  }

  private boolean purgeClaimed(JobId id) {
    boolean mine = topic.claim(id);
    if (mine) {
      topic.remove(id);
    }
    return mine;
  }

  @Override
  public long purgeAll() {
    catchUp();
    long end = topic.end();
    long purged = 0;
    List<Long> offsets = topic.offsets(0, CHUNK);
    while (!offsets.isEmpty() && offsets.get(0) < end) {
      for (long offset : offsets) {
        JobId id = topic.id(offset);
        if (offset < end && id != null && purgeClaimed(id)) {
          purged++;
        }
      }
      offsets = topic.offsets(offsets.get(offsets.size() - 1) + 1, CHUNK);
    }
    return purged;
  }

  @Override
  public long purgeIf(Predicate<? super DeadLetter> which) {
    long[] purged = {0};
    scan(
        record -> {
          DeadLetter letter = DeadTopic.letter(record);
          if (which.test(letter) && purgeClaimed(letter.id())) {
            purged[0]++;
          }
          return true;
        });
    return purged[0];
  }
}
