package dev.bobbin.kafka;

import dev.bobbin.internal.local.Dispatch;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.work.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * One share consumer and the thread that owns it: fetches jobs, hands them out, and tells the
 * broker what became of them. It fetches the next ones when all are settled, because a share
 * consumer fetches nothing while a renewed record is open; meanwhile it tells of those that are
 * settled, and renews the broker's locks on the others.
 */
final class Fetcher implements Runnable {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * How often a fetcher with nothing to do looks whether there is something, if nobody wakes it.
   */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** How long it rests before it lets its consumer go. */
  private static final long REST_AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often the broker is told of jobs while others of the same fetch are worked on. */
  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long fetched jobs stay when nobody wants them any more. */
  private static final long UNWANTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a fetcher that brings nothing stays. */
  private static final long SPARE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long it waits after an error before it begins again. */
  private static final long RESTART_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long MOST_RESERVED_BYTES = 1 << 20;

  /** The broker drops a record without a word that comes back after two deliveries more. */
  private static final int MOST_DELIVERIES = Ground.DELIVERY_LIMIT - 2;

  private final Fetchers crew;
  private final Keeper keeper;
  private final Dispatch<?> dispatch;
  private final Thread thread;
  private final FrameWriter writer = new FrameWriter();
  private volatile boolean stopping;

  /** What the broker was told besides what is done, until it has answered. This thread only. */
  private final Set<Place> notDone = new HashSet<>();

  private record Place(int partition, long offset) {}

  Fetcher(Fetchers crew, int number) {
    this.crew = crew;
    this.keeper = crew.keeper();
    this.dispatch = crew.dispatch();
    this.thread = new Thread(this, "bobbin-fetch-" + keeper.topics().queue() + "-" + number);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  void stop() {
    stopping = true;
    wake();
  }

  void await() {
    Threads.join(thread);
  }

  @Override
  public void run() {
    try {
      boolean needed = true;
      while (needed && !stopping) {
        if (!crew.isShort()) {
          LockSupport.parkNanos(this, REST_NANOS);
        } else {
          needed = connect();
        }
      }
    } catch (Throwable e) {
      keeper.fail(e);
    } finally {
      crew.ended(this);
    }
  }

  /** Fetches with one consumer as long as that can be; returns whether to go on with another. */
  private boolean connect() {
    boolean bulk = crew.isBulk();
    notDone.clear();
    try (KafkaShareConsumer<byte[], byte[]> consumer =
        crew.clients().shareConsumer(keeper.topics().group(), bulk)) {
      consumer.setAcknowledgementCommitCallback(
          (offsets, e) -> offsets.forEach((where, which) -> answered(where, which, e)));
      consumer.subscribe(List.of(keeper.topics().jobs()));
      return fetch(consumer, bulk);
    } catch (RuntimeException e) {
      Faults.report("fetching jobs of queue " + keeper.topics().queue() + " failed", e);
      LockSupport.parkNanos(this, RESTART_NANOS);
      return true;
    }
  }

  /**
   * Returns whether this fetcher is needed any longer. A consumer whose last poll brought nothing
   * may get jobs at any moment, and the broker's lock on them runs: it has to be asked again at
   * once, or closed.
   */
  private boolean fetch(KafkaShareConsumer<byte[], byte[]> consumer, boolean bulk) {
    long idleSince = System.nanoTime();
    while (!stopping && crew.isBulk() == bulk) {
      ConsumerRecords<byte[], byte[]> records = poll(consumer);
      if (!records.isEmpty()) {
        InFlight fetch = handOut(records);
        long began = System.nanoTime();
        crew.heldUp(true);
        try {
          seeThrough(consumer, fetch);
        } finally {
          crew.heldUp(false);
          keeper.remove(fetch);
        }
        idleSince = System.nanoTime();
        crew.workedOff(records.count(), idleSince - began);
        if (!rest()) {
          return true;
        }
      } else if (!crew.isWanted()) {
        return true;
      } else if (System.nanoTime() - idleSince > SPARE_NANOS && crew.isSpare(this)) {
        return false;
      }
    }
    return true;
  }

  /**
   * While there is enough for the workers, others may have the rest; returns whether there is not
   * enough any more.
   */
  private boolean rest() {
    long until = System.nanoTime() + REST_AT_MOST_NANOS;
    while (!stopping && !crew.isShort() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(this, REST_NANOS);
    }
    return crew.isShort();
  }

  private static ConsumerRecords<byte[], byte[]> poll(KafkaShareConsumer<byte[], byte[]> consumer) {
    try {
      return consumer.poll(POLL);
    } catch (WakeupException e) {
      return ConsumerRecords.empty();
    }
  }

  private InFlight handOut(ConsumerRecords<byte[], byte[]> fetched) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(fetched.count());
    long room = 0;
    for (ConsumerRecord<byte[], byte[]> record : fetched) {
      records.add(record);
      room += Records.frameBytesAtMost(record);
    }
    long[] positions = new long[records.size() + 1];
    positions[0] = keeper.positions(room);
    Map<Long, String> unreadable = new TreeMap<>();
    List<Long> worn = new ArrayList<>();
    Delivery jobs = new Delivery((int) Math.min(room, MOST_RESERVED_BYTES), records.size());
    for (int i = 0; i < records.size(); i++) {
      long position = positions[i];
      if (records.get(i).deliveryCount().orElse((short) 1) >= MOST_DELIVERIES) {
        worn.add(position);
        positions[i + 1] = position + Long.BYTES;
        continue;
      }
      try {
        Records.frame(records.get(i), writer);
        jobs.add(writer.placed(position), 0, writer.alignedLength());
        positions[i + 1] = position + writer.alignedLength();
      } catch (IllegalArgumentException e) {
        unreadable.put(position, String.valueOf(e.getMessage()));
        positions[i + 1] = position + Long.BYTES;
      }
    }
    InFlight fetch = new InFlight(records, positions, this::wake);
    keeper.add(fetch);
    unreadable.forEach((position, why) -> keeper.setAsideUnreadable(fetch, position, why));
    worn.forEach(position -> keeper.renewRecord(fetch, position));
    if (jobs.size() > 0) {
      dispatch.offer(jobs);
    }
    return fetch;
  }

  /** Tells the broker of the jobs as they are settled, until all are or the queue closes. */
  private void seeThrough(KafkaShareConsumer<byte[], byte[]> consumer, InFlight fetch) {
    long renewed = System.nanoTime();
    long wanted = renewed;
    while (fetch.isOpen() && !stopping) {
      LockSupport.parkNanos(this, TELL_NANOS);
      if (!fetch.isOpen()) {
        break;
      }
      long now = System.nanoTime();
      if (crew.isWanted()) {
        wanted = now;
        crew.relieve();
      } else if (now - wanted > UNWANTED_NANOS) {
        dispatch.recall(keeper::giveBack);
      }
      if (fetch.untold() > 0) {
        tell(consumer, fetch);
        consumer.commitAsync();
      }
      if (now - renewed > crew.lockNanos() / 3) {
        renewed = now;
        renew(consumer, fetch);
      }
    }
    if (stopping) {
      fetch.releaseOpen();
    }
    tell(consumer, fetch);
    if (stopping) {
      consumer.commitSync(crew.clients().timeout());
    } else {
      consumer.commitAsync();
    }
  }

  private void tell(KafkaShareConsumer<byte[], byte[]> consumer, InFlight fetch) {
    fetch.tell(
        (record, type) -> {
          if (type == AcknowledgeType.RELEASE) {
            notDone.add(new Place(record.partition(), record.offset()));
          }
          consumer.acknowledge(record, type);
        });
  }

  /**
   * Renews the broker's locks. A renewed record cannot be acknowledged before a poll has brought it
   * back; it is left out there if the lock had ended before.
   */
  private void renew(KafkaShareConsumer<byte[], byte[]> consumer, InFlight fetch) {
    tell(consumer, fetch);
    fetch.renew(
        (record, type) -> {
          notDone.add(new Place(record.partition(), record.offset()));
          consumer.acknowledge(record, type);
        });
    consumer.commitSync(crew.clients().timeout());
    Set<Place> held = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ZERO)) {
      held.add(new Place(record.partition(), record.offset()));
    }
    InFlight.Lost lost =
        fetch.keep(record -> held.contains(new Place(record.partition(), record.offset())));
    if (lost.jobs() > 0) {
      keeper.ready.undone(lost.accepted());
      dispatch.counters().leasesLost.add(lost.jobs());
    }
  }

  /**
   * The broker has answered: it knows what it was told, or the jobs are no longer this process's.
   */
  private void answered(TopicIdPartition where, Set<Long> offsets, @Nullable Exception e) {
    int done = offsets.size();
    if (!notDone.isEmpty()) {
      for (long offset : offsets) {
        done -= notDone.remove(new Place(where.partition(), offset)) ? 1 : 0;
      }
    }
    if (e == null) {
      keeper.ready.committed(done);
    } else {
      // Others may have them: they are delivered again, and these outcomes count for nothing.
      keeper.ready.undone(done);
      dispatch.counters().staleAcks.add(done);
    }
  }
}
