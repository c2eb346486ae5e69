package dev.bobbin.kafka;

import dev.bobbin.internal.local.Dispatch;
import dev.bobbin.internal.work.Elsewhere;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one queue's jobs on Kafka: puts them into its topics, and has the broker hear what became
 * of those that were handed out. Thread-safe.
 *
 * <p>Invariant 3 is kept here: a job that is put off or set aside is acknowledged when the brokers
 * have confirmed its copy, and given back if they have not.
 */
final class Keeper implements Elsewhere {
  private final Topics topics;

  /** The topic that every job goes to. */
  private final String jobs;

  private final Publisher publisher;
  private final DeadTopic dead;
  final Flow ready = new Flow();
  final Flow delayed = new Flow();

  /** The fetches whose jobs are not all settled, by their first position. */
  private final ConcurrentSkipListMap<Long, InFlight> fetches = new ConcurrentSkipListMap<>();

  /** Positions of jobs that were fetched: never used twice. */
  private final AtomicLong nextPosition = new AtomicLong(Long.BYTES);

  /** Of all payloads that came in. */
  private final LongAdder payloadBytes = new LongAdder();

  /** When no job was ready, last: what is ready now came later. Milliseconds since 1970. */
  private volatile long emptyMillis;

  private volatile @Nullable Dispatch<?> dispatch;
  private volatile Runnable onClose = () -> {};

  Keeper(Topics topics, Publisher publisher, DeadTopic dead) {
    this.topics = topics;
    this.jobs = topics.jobs();
    this.publisher = publisher;
    this.dead = dead;
    this.emptyMillis = System.currentTimeMillis();
  }

  /** The queue that hands the jobs out is there. */
  void begin(Dispatch<?> newDispatch, Runnable atClose) {
    onClose = atClose;
    dispatch = newDispatch;
  }

  private Dispatch<?> dispatch() {
    return Objects.requireNonNull(dispatch, "not begun");
  }

  Topics topics() {
    return topics;
  }

  // Jobs come in.

  /** Sends a job that is ready, or one that is due later. */
  void add(Envelope job, Map<String, String> headers, byte[] payload, long nowMillis) {
    boolean later = job.dueMillis() > nowMillis;
    Flow flow = later ? delayed : ready;
    ProducerRecord<byte[], byte[]> record =
        later
            ? Records.of(
                topics.delayed(),
                Tiers.of(job.dueMillis() - nowMillis),
                nowMillis,
                job,
                headers,
                payload)
            : Records.of(jobs, null, nowMillis, job, headers, payload);
    flow.sent();
    try {
      publisher.send(record, nowMillis, e -> sent(flow, e));
    } catch (RuntimeException e) {
      flow.failed();
      throw e;
    }
    payloadBytes.add(payload.length);
  }

  private void sent(Flow flow, @Nullable Exception e) {
    if (e == null) {
      flow.confirmed();
    } else {
      // Invariant 7: its submit has returned, and nobody else would ever hear of it.
      flow.failed();
      fail(e);
    }
  }

  // Jobs go out.

  /** Room for frames of so many bytes; returns where they begin. */
  long positions(long bytes) {
    return nextPosition.getAndAdd(bytes);
  }

  /** A fetch is about to be handed out. */
  void add(InFlight fetch) {
    fetches.put(fetch.first(), fetch);
  }

  /** The broker has heard of all of it. */
  void remove(InFlight fetch) {
    fetches.remove(fetch.first());
  }

  private @Nullable InFlight fetch(long position) {
    Map.Entry<Long, InFlight> entry = fetches.floorEntry(position);
    // One whose consumer met an error is forgotten before its jobs are settled.
    return entry == null || !entry.getValue().covers(position) ? null : entry.getValue();
  }

  /**
   * The fetch of a job that is still this process's, or null: others have it then, whatever became
   * of it here, and a copy would be a second job.
   */
  private @Nullable InFlight held(long position) {
    InFlight fetch = fetch(position);
    return fetch != null && fetch.isOpen(position) ? fetch : null;
  }

  @Override
  public void finished(long from, long to) {
    InFlight fetch = fetch(from);
    if (fetch != null) {
      ready.done(fetch.accept(from, to));
    }
  }

  @Override
  public boolean putOff(long position, int attempt, long dueMillis) {
    InFlight fetch = held(position);
    if (fetch == null) {
      return true;
    }
    ConsumerRecord<byte[], byte[]> source = fetch.record(position);
    long left = dueMillis - dispatch().nowMillis();
    Envelope again = Records.envelope(source).again(attempt, left > 0 ? dueMillis : 0);
    ProducerRecord<byte[], byte[]> copy =
        left > 0
            ? Records.copy(source, topics.delayed(), Tiers.of(left), again)
            : Records.copy(source, topics.jobs(), null, again);
    publish(fetch, position, copy, left > 0 ? delayed : ready);
    return true;
  }

  @Override
  public boolean setAside(long position, int attempts, String reason, long nowMillis) {
    InFlight fetch = held(position);
    if (fetch == null) {
      return true;
    }
    ConsumerRecord<byte[], byte[]> source = fetch.record(position);
    bury(fetch, position, Records.envelope(source).dead(attempts, nowMillis, reason));
    return true;
  }

  /** A record was fetched of which no job can be made. */
  void setAsideUnreadable(InFlight fetch, long position, String reason) {
    Envelope job = Records.plain(fetch.record(position));
    dispatch().counters().died.increment();
    bury(fetch, position, job.dead(0, dispatch().nowMillis(), reason));
  }

  private void bury(InFlight fetch, long position, Envelope letter) {
    ready.done(1);
    dead.add(fetch.record(position), letter, e -> copied(fetch, position, e));
  }

  /** Jobs go back to the broker, for others. */
  void giveBack(long from, long to) {
    InFlight fetch = fetch(from);
    if (fetch != null) {
      fetch.release(from, to);
    }
  }

  private void publish(
      InFlight fetch, long position, ProducerRecord<byte[], byte[]> copy, Flow flow) {
    ready.done(1);
    flow.sent();
    Consumer<@Nullable Exception> then =
        e -> {
          if (e == null) {
            flow.confirmed();
          } else {
            flow.failed();
          }
          copied(fetch, position, e);
        };
    try {
      publisher.send(copy, then);
    } catch (RuntimeException e) {
      then.accept(e);
    }
  }

  private void copied(InFlight fetch, long position, @Nullable Exception e) {
    if (e == null) {
      // If its lock was lost meanwhile, the broker hands it out once more.
      ready.undone(1 - fetch.accept(position, position + 1));
    } else {
      ready.undone(1);
      fetch.release(position, position + 1);
    }
  }

  // Delayed jobs.

  /** When a delayed job is due; one whose envelope cannot be read is dealt with by the workers. */
  long dueMillis(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Records.envelope(record).dueMillis();
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  /** Moves a delayed job on; {@code then} is run when the brokers have its copy. */
  void moveOn(ConsumerRecord<byte[], byte[]> record, long nowMillis, Runnable then) {
    long left = dueMillis(record) - nowMillis;
    Flow flow = left > 0 ? delayed : ready;
    ProducerRecord<byte[], byte[]> copy =
        left > 0
            ? Records.copy(record, topics.delayed(), Tiers.of(left))
            : Records.copy(record, topics.jobs(), null);
    flow.sent();
    delayed.done(1);
    try {
      publisher.send(
          copy,
          nowMillis,
          e -> {
            sent(flow, e);
            if (e == null) {
              then.run();
              moved();
            }
          });
    } catch (RuntimeException e) {
      flow.failed();
      delayed.undone(1);
      throw e;
    }
  }

  /** Counts have changed. */
  void moved() {
    Dispatch<?> to = dispatch;
    if (to != null) {
      to.moved();
    }
  }

  /**
   * The job at {@code position} was given back so often that the broker would soon drop it: a copy
   * takes its place, which nobody has been given yet.
   */
  void renewRecord(InFlight fetch, long position) {
    publish(fetch, position, Records.copy(fetch.record(position), topics.jobs(), null), ready);
  }

  // How it stands.

  @Override
  public long unfinished() {
    // What is moved on counts twice for a moment, never not at all.
    long waiting = delayed.size();
    return waiting + ready.size();
  }

  @Override
  public long delayed() {
    return delayed.size();
  }

  @Override
  public long dead() {
    return dead.size();
  }

  @Override
  public long bytes() {
    Dispatch<?> of = dispatch;
    long jobs = of == null ? 0 : of.counters().entered.sum();
    return jobs == 0 ? 0 : jobBytes(payloadBytes.sum() / jobs) * unfinished();
  }

  /** What a job counts for whose payload has so many bytes; see {@link dev.bobbin.Limits}. */
  static long jobBytes(long payloadBytes) {
    return payloadBytes + 40;
  }

  @Override
  public long unconfirmedBytes() {
    return publisher.unconfirmedBytes();
  }

  @Override
  public long unconfirmedSince() {
    return publisher.unconfirmedSince();
  }

  @Override
  public long oldestReadyMillis() {
    return emptyMillis;
  }

  /** Somebody has looked whether jobs are ready. */
  void look(long nowMillis) {
    if (ready.size() == 0) {
      emptyMillis = nowMillis;
    }
  }

  void fail(Throwable cause) {
    dispatch().fail(cause);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
