package dev.bobbin.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Moves delayed jobs on, from tier to tier and to the workers when they are due: one thread for all
 * queues of a {@code Bobbin}, a member of the consumer group in which all processes share that
 * work. What a process had not confirmed when it died is moved on once more by another one.
 *
 * <p>Invariant 3: an offset is committed when the brokers have confirmed the copies of everything
 * before it.
 */
final class Relay implements Runnable {
  private static final long LONGEST_POLL_MILLIS = 100;
  private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long RESTART_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Jobs that are held at once for a partition: in the first tier they are due in any order. */
  private static final int MOST_HELD_FIRST = 10_000;

  private static final int MOST_HELD = 1_000;

  private final Clients clients;
  private final String group;
  private final Thread thread;

  /** Queues by the topic of their delayed jobs. */
  private final Map<String, Keeper> keepers = new ConcurrentHashMap<>();

  /** What else is done about every so often. */
  private final Map<String, Runnable> ticks = new ConcurrentHashMap<>();

  private volatile boolean stopping;
  private volatile boolean changed;

  // This thread only.
  private final Map<TopicPartition, Passage> passages = new HashMap<>();
  private long committedNanos = System.nanoTime();
  private long tickedNanos = System.nanoTime();

  Relay(Clients clients, String prefix) {
    this.clients = clients;
    this.group = Topics.relayGroup(prefix);
    this.thread = new Thread(this, "bobbin-kafka-relay");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** From now on the delayed jobs of this queue are moved on. */
  void add(Keeper keeper, Runnable tick) {
    keepers.put(keeper.topics().delayed(), keeper);
    ticks.put(keeper.topics().delayed(), tick);
    changed = true;
    LockSupport.unpark(thread);
  }

  void remove(Keeper keeper) {
    ticks.remove(keeper.topics().delayed());
    keepers.remove(keeper.topics().delayed());
    changed = true;
  }

  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
    Threads.join(thread);
  }

  @Override
  public void run() {
    while (!stopping) {
      passages.clear();
      try (KafkaConsumer<byte[], byte[]> consumer = clients.relayConsumer(group)) {
        changed = true;
        while (!stopping) {
          turn(consumer);
        }
        commit(consumer);
      } catch (RuntimeException e) {
        Faults.report("moving delayed jobs on failed", e);
        LockSupport.parkNanos(this, RESTART_NANOS);
      }
    }
  }

  private void turn(KafkaConsumer<byte[], byte[]> consumer) {
    if (changed) {
      changed = false;
      consumer.subscribe(Set.copyOf(keepers.keySet()), new Assigned(consumer));
    }
    tick();
    if (consumer.subscription().isEmpty()) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(LONGEST_POLL_MILLIS));
      return;
    }
    long now = System.currentTimeMillis();
    for (Passage passage : passages.values()) {
      passage.moveOn(now);
      passage.flowTo(consumer);
    }
    for (ConsumerRecord<byte[], byte[]> record : poll(consumer, pollMillis(now))) {
      TopicPartition where = new TopicPartition(record.topic(), record.partition());
      Passage passage = passages.get(where);
      if (passage != null) {
        passage.add(record);
      }
    }
    long since = System.nanoTime() - committedNanos;
    if (since > COMMIT_NANOS) {
      commit(consumer);
    }
  }

  private void tick() {
    long now = System.nanoTime();
    if (now - tickedNanos >= TICK_NANOS) {
      tickedNanos = now;
      for (Runnable tick : List.copyOf(ticks.values())) {
        try {
          tick.run();
        } catch (RuntimeException e) {
          Faults.report("looking after a queue failed", e);
        }
      }
    }
  }

  private Duration pollMillis(long now) {
    long wait = LONGEST_POLL_MILLIS;
    for (Passage passage : passages.values()) {
      wait = Math.min(wait, Math.max(0, passage.nextMillis() - now));
    }
    return Duration.ofMillis(wait);
  }

  private static Iterable<ConsumerRecord<byte[], byte[]>> poll(
      KafkaConsumer<byte[], byte[]> consumer, Duration wait) {
    try {
      return consumer.poll(wait);
    } catch (WakeupException e) {
      return List.of();
    }
  }

  private void commit(KafkaConsumer<byte[], byte[]> consumer) {
    committedNanos = System.nanoTime();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    List<Passage> moved = new ArrayList<>();
    for (Passage passage : passages.values()) {
      if (passage.hasUncommitted()) {
        offsets.put(passage.where(), new OffsetAndMetadata(passage.offset()));
        moved.add(passage);
      }
    }
    if (!offsets.isEmpty()) {
      consumer.commitSync(offsets, clients.timeout());
      moved.forEach(Passage::committed);
    }
  }

  /** Which partitions are this process's. Called in poll. */
  private final class Assigned implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> consumer;

    Assigned(KafkaConsumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      for (TopicPartition where : partitions) {
        Keeper keeper = keepers.get(where.topic());
        if (keeper != null) {
          passages.put(where, new Passage(where, keeper, consumer.position(where)));
        }
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      commit(consumer);
      passages.keySet().removeAll(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      passages.keySet().removeAll(partitions);
    }
  }

  /** One tier of one queue, as far as it was read. */
  private static final class Passage {
    private final TopicPartition where;
    private final Keeper keeper;
    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private final Progress progress;
    private boolean paused;

    private record Held(long millis, ConsumerRecord<byte[], byte[]> record)
        implements Comparable<Held> {
      @Override
      public int compareTo(Held other) {
        int byTime = Long.compare(millis, other.millis);
        return byTime != 0 ? byTime : Long.compare(record.offset(), other.record.offset());
      }
    }

    Passage(TopicPartition where, Keeper keeper, long offset) {
      this.where = where;
      this.keeper = keeper;
      this.progress = new Progress(offset);
    }

    TopicPartition where() {
      return where;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
      progress.begin(record.offset());
      held.add(new Held(leavesMillis(record), record));
    }

    private long leavesMillis(ConsumerRecord<byte[], byte[]> record) {
      long due = keeper.dueMillis(record);
      return where.partition() == 0
          ? due
          : Math.min(due, record.timestamp() + Tiers.holdMillis(where.partition()));
    }

    /** Moves on what is due. */
    void moveOn(long now) {
      Held next = held.peek();
      while (next != null && next.millis <= now) {
        held.remove();
        ConsumerRecord<byte[], byte[]> record = next.record;
        keeper.moveOn(record, now, () -> progress.end(record.offset()));
        next = held.peek();
      }
    }

    /** Reads on while few are held. */
    void flowTo(KafkaConsumer<byte[], byte[]> consumer) {
      boolean full = held.size() >= (where.partition() == 0 ? MOST_HELD_FIRST : MOST_HELD);
      if (full != paused) {
        paused = full;
        if (full) {
          consumer.pause(List.of(where));
        } else {
          consumer.resume(List.of(where));
        }
      }
    }

    /** When the next one is due; {@link Long#MAX_VALUE} if none is held. */
    long nextMillis() {
      Held next = held.peek();
      return next == null ? Long.MAX_VALUE : next.millis;
    }

    boolean hasUncommitted() {
      return progress.offset() > progress.committedOffset();
    }

    long offset() {
      return progress.offered();
    }

    void committed() {
      keeper.delayed.committed(progress.commit());
    }
  }
}
