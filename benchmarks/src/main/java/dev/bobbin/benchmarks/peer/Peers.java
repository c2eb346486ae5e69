package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What can be measured, Bobbin first. */
public final class Peers {
  private static final Duration FLUSH = Duration.ofMillis(50);

  private static final List<NamedPeer> ALL =
      List.of(
          bobbin("bobbin", "raw handler", BobbinPeer.Handler.RAW),
          bobbin("bobbin-bytes", "batch handler", BobbinPeer.Handler.BATCH),
          bobbin("bobbin-each", "handler for each job", BobbinPeer.Handler.EACH),
          new NamedPeer("bobbin-memory", "Bobbin in memory, raw handler", Peers::inMemory),
          disruptor("disruptor", "", false),
          disruptor("disruptor-multi", ", any thread may publish", true),
          new NamedPeer(
              "jctools", "JCTools MpmcArrayQueue (memory only, no acks)", JctoolsPeer::new),
          new NamedPeer("abq", "ArrayBlockingQueue (memory only, no acks)", BlockingQueuePeer::new),
          go("go", "jobs and acks logged"),
          go("go-acks", "acks logged, jobs not"),
          new NamedPeer("kafka", "Apache Kafka, consumer group", () -> new KafkaPeer(false)),
          new NamedPeer("kafka-share", "Apache Kafka, share group", () -> new KafkaPeer(true)),
          new NamedPeer(
              "bobbin-kafka", "Bobbin on Apache Kafka, raw handler", BobbinKafkaPeer::new),
          new NamedPeer("artemis", "ActiveMQ Artemis, embedded, durable", ArtemisPeer::new),
          new NamedPeer(
              "chronicle",
              "Chronicle Queue (no acks, no bound)",
              new NamedPeer.Jvm(ChroniclePeer::new, ChroniclePeer.JVM_OPTIONS),
              List.of()),
          new NamedPeer("redis", "Redis Streams, AOF every second", RedisPeer::new)
              .needs("redis-server"),
          new NamedPeer("nats", "NATS JetStream, work queue in files", NatsPeer::new)
              .needs("nats-server"),
          new NamedPeer("beanstalkd", "beanstalkd with its log", BeanstalkdPeer::new)
              .needs("beanstalkd"),
          new NamedPeer("rabbitmq", "RabbitMQ, durable classic queue", RabbitPeer::new)
              .needs("rabbitmq-server"),
          scheduler("db-scheduler", "db-scheduler", DbSchedulerPeer::new, true),
          scheduler("db-scheduler-h2", "db-scheduler", DbSchedulerPeer::new, false),
          scheduler("jobrunr", "JobRunr", JobrunrPeer::new, true),
          scheduler("jobrunr-h2", "JobRunr", JobrunrPeer::new, false));

  /** What a job costs step by step: no queues, so only by name. */
  private static final List<NamedPeer> STEPS =
      List.of(
          bare("bare", "payload copied, one publisher", BareRingPeer.Step.COPY),
          bare("bare-claim", "and its place claimed", BareRingPeer.Step.CLAIM),
          bare("bare-frame", "and a frame built and checked", BareRingPeer.Step.FRAME),
          bare("bare-map", "and the ring a mapped file", BareRingPeer.Step.MAP));

  private Peers() {}

  private static NamedPeer bare(String label, String words, BareRingPeer.Step step) {
    return new NamedPeer(label, "Bare ring: " + words, () -> new BareRingPeer(step));
  }

  private static NamedPeer bobbin(String label, String words, BobbinPeer.Handler handler) {
    return new NamedPeer(
        label, "Bobbin on a directory, " + words, () -> new BobbinPeer(true, handler, FLUSH));
  }

  private static NamedPeer disruptor(String label, String words, boolean multi) {
    return new NamedPeer(
        label,
        "LMAX Disruptor" + words + " (memory only, no acks)",
        () -> new DisruptorPeer(multi));
  }

  private static NamedPeer go(String label, String words) {
    NamedPeer.Program program = GoProgram::build;
    return new NamedPeer(label, "Go program, fsync every 10 ms, " + words, program, List.of("go"));
  }

  private static NamedPeer scheduler(
      String label, String what, Function<Boolean, Peer> maker, boolean postgres) {
    NamedPeer peer =
        new NamedPeer(
            label, what + (postgres ? " on PostgreSQL" : " on H2"), () -> maker.apply(postgres));
    return postgres ? peer.needs("initdb").needs("postgres") : peer;
  }

  private static Peer inMemory() {
    return new BobbinPeer(false, BobbinPeer.Handler.RAW, FLUSH);
  }

  /** All queues. */
  public static List<NamedPeer> all() {
    return ALL;
  }

  /** No queues, but what some steps of theirs cost. */
  public static List<NamedPeer> steps() {
    return STEPS;
  }

  /** The one with this name on the command line. */
  public static Optional<NamedPeer> named(String label) {
    return Stream.concat(ALL.stream(), STEPS.stream())
        .filter(peer -> peer.label().equals(label))
        .findFirst();
  }
}
