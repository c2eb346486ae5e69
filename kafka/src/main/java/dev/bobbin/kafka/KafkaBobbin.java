package dev.bobbin.kafka;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Capability;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.local.Dispatch;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Queues on Apache Kafka 4.2 or later, for work that outgrows one machine: any number of processes
 * submit to them and work on them.
 *
 * <pre>{@code
 * try (Bobbin bobbin = KafkaBobbin.connect("broker:9092")) {
 *   JobQueue<String> greetings = bobbin.queue("greetings", Codec.text());
 *   greetings.work(4, name -> System.out.println("Hello " + name));
 *   greetings.submit("Ada");
 * }
 * }</pre>
 *
 * <p>Thread-safe. What differs from a directory is told by {@link #capabilities()} and in
 * docs/outgrowing.md.
 */
public final class KafkaBobbin implements Bobbin {
  /** How often records of jobs that are done are deleted. */
  private static final long DELETE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final KafkaOptions options;
  private final LocalBobbin local;
  private final Clients clients;
  private final Admin admin;
  private final Ground ground;
  private final Publisher publisher;
  private final Relay relay;

  /** Guarded by this object's monitor. */
  private boolean closed;

  private KafkaBobbin(KafkaOptions options) {
    this.options = options;
    this.clients = new Clients(options);
    try {
      clients.check();
      this.admin = clients.admin();
    } catch (KafkaException e) {
      throw invalid(e);
    }
    this.ground = new Ground(admin, options);
    try {
      ground.check();
      this.publisher = new Publisher(clients.producer());
    } catch (RuntimeException e) {
      admin.close(Duration.ZERO);
      throw e instanceof KafkaException invalid ? invalid(invalid) : e;
    }
    this.local = LocalBobbin.in(null, Time.system());
    this.relay = new Relay(clients, options.prefix());
    relay.start();
  }

  private static BobbinException invalid(KafkaException e) {
    return new BobbinException(
        "the settings for Kafka are not valid: " + deepest(e).getMessage(), e);
  }

  private static Throwable deepest(Throwable e) {
    return e.getCause() == null ? e : deepest(e.getCause());
  }

  /**
   * Connects to the brokers at {@code servers}, {@code host:port} or several with commas, with the
   * defaults of {@link KafkaOptions}.
   *
   * @throws BobbinException if they cannot be reached, do not let us in, or are too old
   */
  public static Bobbin connect(String servers) {
    return connect(KafkaOptions.of(servers));
  }

  /** As {@link #connect(String)}, with options. */
  public static Bobbin connect(KafkaOptions options) {
    return new KafkaBobbin(options);
  }

  /**
   * {@inheritDoc}
   *
   * @throws BobbinException if the topics cannot be created, or have settings under which jobs
   *     would be lost
   */
  @Override
  public synchronized <T> JobQueue<T> queue(String name, Codec<T> codec, QueueOptions queue) {
    local.refuseIfOpen(name);
    try {
      return open(name, codec, queue);
    } catch (KafkaException e) {
      throw ground.failed("opening queue " + name, e);
    }
  }

  private <T> JobQueue<T> open(String name, Codec<T> codec, QueueOptions queue) {
    long began = System.nanoTime();
    Topics topics = new Topics(options.prefix(), name);
    boolean created = ground.lay(topics, queue.maxPayloadBytes());
    int partitions = ground.partitions(topics.jobs());
    topics.all().forEach(publisher::partitions);
    DeadTopic dead =
        new DeadTopic(topics, publisher, clients.reader(), queue.deadLetters(), options.timeout());
    Keeper keeper = new Keeper(topics, publisher, dead);
    Lags lags = new Lags(admin, topics, partitions);
    Gauge gauge = new Gauge(lags, keeper);
    Dispatch<T> dispatch;
    try {
      await(gauge.ask());
      dead.catchUp();
      RecoveryReport found =
          new RecoveryReport(
              created,
              true,
              keeper.ready.size(),
              keeper.delayed.size(),
              dead.size(),
              0,
              0,
              0,
              Duration.ofNanos(System.nanoTime() - began));
      dispatch = local.dispatch(name, codec, queue, keeper, found);
    } catch (RuntimeException e) {
      dead.close();
      throw e;
    }
    Fetchers fetchers = new Fetchers(keeper, dispatch, clients, options);
    keeper.begin(dispatch, () -> shutDown(keeper, fetchers, dead));
    dead.begin(dispatch);
    relay.add(keeper, new Care(gauge, dead, lags)::tick);
    return new KafkaQueue<>(dispatch, keeper, fetchers, gauge, publisher, dead, codec, queue);
  }

  /** What is done for an open queue every so often, on the relay's thread. */
  private static final class Care {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Gauge gauge;
    private final DeadTopic dead;
    private final Lags lags;
    private long lookedNanos = System.nanoTime();
    private long deletedNanos = System.nanoTime();

    Care(Gauge gauge, DeadTopic dead, Lags lags) {
      this.gauge = gauge;
      this.dead = dead;
      this.lags = lags;
    }

    void tick() {
      long now = System.nanoTime();
      gauge.tick();
      if (now - lookedNanos > LOOK_NANOS) {
        lookedNanos = now;
        dead.look();
      }
      if (now - deletedNanos > DELETE_NANOS) {
        deletedNanos = now;
        lags.deleteDone();
      }
    }
  }

  private void await(CompletionStage<?> answer) {
    try {
      answer.toCompletableFuture().get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CompletionException e) {
      Throwable cause = deepest(e);
      throw new BobbinException(
          "asking how far the groups are failed: " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new BobbinException(
          "no answer from the brokers within " + options.timeout() + ": are they up?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BobbinException("interrupted while opening a queue", e);
    }
  }

  /** The last steps of a queue whose workers have stopped. */
  private void shutDown(Keeper keeper, Fetchers fetchers, DeadTopic dead) {
    try {
      // Copies of jobs that were put off are confirmed first: their originals are done with then.
      publisher.flush(keeper.topics().queue(), options.timeout());
    } finally {
      fetchers.stop();
      relay.remove(keeper);
      dead.close();
    }
  }

  @Override
  public List<String> queueNames() {
    refuseIfClosed();
    return ground.queueNames();
  }

  /** {@inheritDoc} On Kafka a queue has no sizes of its own: they are the defaults. */
  @Override
  public Optional<StoredQueue> storedQueue(String name) {
    refuseIfClosed();
    QueueOptions defaults = QueueOptions.defaults();
    return queueNames().contains(name)
        ? Optional.of(new StoredQueue(name, defaults.ringBytes(), defaults.segmentBytes()))
        : Optional.empty();
  }

  private synchronized void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException("this Bobbin is closed");
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.KEEPS_JOBS,
        Capability.SURVIVES_MACHINE_DEATH,
        Capability.SHARED_BETWEEN_PROCESSES);
  }

  @Override
  public void close() {
    try {
      local.close();
    } finally {
      end();
    }
  }

  @Override
  public void close(Duration timeout) {
    try {
      local.close(timeout);
    } finally {
      end();
    }
  }

  private void end() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    relay.stop();
    publisher.close();
    admin.close(Duration.ZERO);
  }
}
