package dev.bobbin.kafka;

import dev.bobbin.BobbinException;
import dev.bobbin.internal.move.Arrival;
import dev.bobbin.internal.move.MovedJob;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Jobs arrive at a queue on Kafka, whose topics are created if they are absent. */
final class KafkaArrival implements Arrival {
  private final Topics topics;
  private final Publisher publisher;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  private KafkaArrival(Topics topics, Publisher publisher) {
    this.topics = topics;
    this.publisher = publisher;
  }

  /** Connects to the brokers. */
  static KafkaArrival of(KafkaOptions options, String queue, int maxPayloadBytes) {
    Clients clients = new Clients(options);
    Topics topics = new Topics(options.prefix(), queue);
    try (Admin admin = clients.admin()) {
      Ground ground = new Ground(admin, options);
      ground.check();
      ground.lay(topics, maxPayloadBytes);
    }
    return new KafkaArrival(topics, new Publisher(clients.producer()));
  }

  @Override
  public void add(MovedJob job) {
    publisher.send(record(job, System.currentTimeMillis()), e -> failure.compareAndSet(null, e));
  }

  private ProducerRecord<byte[], byte[]> record(MovedJob job, long nowMillis) {
    long left = job.dueMillis() - nowMillis;
    Envelope envelope =
        new Envelope(
            job.id(),
            job.attempt(),
            job.priority(),
            job.submittedMillis(),
            job.expiryMillis(),
            left > 0 ? job.dueMillis() : 0,
            job.key(),
            job.diedMillis(),
            job.reason());
    if (job.isDead()) {
      return Records.of(topics.dead(), 0, nowMillis, envelope, job.headers(), job.payload());
    }
    return left > 0
        ? Records.of(
            topics.delayed(), Tiers.of(left), nowMillis, envelope, job.headers(), job.payload())
        : Records.of(topics.jobs(), null, nowMillis, envelope, job.headers(), job.payload());
  }

  @Override
  public void sync() {
    publisher.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new BobbinException(
          "the brokers did not accept a job of queue "
              + topics.queue()
              + ": "
              + failed.getMessage()
              + ". Nothing is lost: it is still where it came from",
          failed);
    }
  }

  @Override
  public void close() {
    publisher.close();
  }
}
