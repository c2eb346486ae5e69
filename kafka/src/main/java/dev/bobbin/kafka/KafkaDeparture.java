package dev.bobbin.kafka;

import dev.bobbin.BobbinException;
import dev.bobbin.DeadLetterLimit;
import dev.bobbin.JobId;
import dev.bobbin.internal.move.Departure;
import dev.bobbin.internal.move.MovedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Jobs leave a queue on Kafka: what is ready as to a worker, what is delayed as to the relay, then
 * the dead letters.
 */
final class KafkaDeparture implements Departure {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int LETTERS = 256;

  private final KafkaOptions options;
  private final Topics topics;
  private final Admin admin;
  private final Lags lags;
  private final Publisher publisher;
  private final KafkaShareConsumer<byte[], byte[]> ready;
  private final KafkaConsumer<byte[], byte[]> delayed;
  private final DeadTopic dead;
  private final Set<TopicPartition> tiers = new HashSet<>();

  // What next() showed.
  private List<ConsumerRecord<byte[], byte[]>> shownReady = List.of();
  private List<ConsumerRecord<byte[], byte[]>> shownDelayed = List.of();
  private List<ConsumerRecord<byte[], byte[]>> shownDead = List.of();

  /** Connects to the brokers. */
  KafkaDeparture(KafkaOptions options, String queue) {
    this.options = options;
    this.topics = new Topics(options.prefix(), queue);
    Clients clients = new Clients(options);
    this.admin = clients.admin();
    Ground ground = new Ground(admin, options);
    try {
      ground.check();
      List<String> names = ground.queueNames();
      if (!names.contains(queue)) {
        throw new BobbinException(
            "there is no queue '"
                + queue
                + "' on the brokers; there are: "
                + String.join(", ", names));
      }
      this.lags = new Lags(admin, topics, ground.partitions(topics.jobs()));
      ground.setGroup(topics.group());
    } catch (RuntimeException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
    this.publisher = new Publisher(clients.producer());
    this.ready = clients.shareConsumer(topics.group(), false);
    ready.subscribe(List.of(topics.jobs()));
    this.delayed = clients.relayConsumer(Topics.relayGroup(options.prefix()));
    delayed.subscribe(List.of(topics.delayed()));
    this.dead =
        new DeadTopic(topics, publisher, clients.reader(), DeadLetterLimit.NONE, options.timeout());
    dead.catchUp();
    for (int tier = 0; tier < Tiers.COUNT; tier++) {
      tiers.add(new TopicPartition(topics.delayed(), tier));
    }
  }

  @Override
  public long size() {
    return lag(lags.ready()) + lag(lags.delayed()) + dead.size();
  }

  private long lag(CompletionStage<Long> asked) {
    try {
      return asked.toCompletableFuture().get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BobbinException("asking how many jobs there are failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BobbinException("interrupted", e);
    }
  }

  @Override
  public List<MovedJob> next() {
    while (lag(lags.ready()) > 0) {
      shownReady = list(ready.poll(POLL));
      if (!shownReady.isEmpty()) {
        return jobs(shownReady);
      }
    }
    while (lag(lags.delayed()) > 0) {
      shownDelayed = list(delayed.poll(POLL));
      refuseIfShared();
      if (!shownDelayed.isEmpty()) {
        return jobs(shownDelayed);
      }
    }
    return nextLetters();
  }

  private void refuseIfShared() {
    Set<TopicPartition> mine = delayed.assignment();
    if (!mine.isEmpty() && !mine.containsAll(tiers)) {
      throw new BobbinException(
          "another process has queues with the prefix "
              + options.prefix()
              + " open and moves delayed jobs on: close it before its jobs are moved away");
    }
  }

  private List<MovedJob> nextLetters() {
    shownDead = dead.records(dead.offsets(0, LETTERS));
    return jobs(shownDead);
  }

  private static List<ConsumerRecord<byte[], byte[]>> list(
      Iterable<ConsumerRecord<byte[], byte[]>> records) {
    List<ConsumerRecord<byte[], byte[]>> list = new ArrayList<>();
    records.forEach(list::add);
    return list;
  }

  private static List<MovedJob> jobs(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(KafkaDeparture::job).toList();
  }

  private static MovedJob job(ConsumerRecord<byte[], byte[]> record) {
    Envelope job = Records.envelopeOrPlain(record);
    return new MovedJob(
        job.id(),
        job.attempt(),
        job.priority(),
        job.submittedMillis(),
        job.expiryMillis(),
        job.dueMillis(),
        job.key(),
        Records.headers(record.headers()),
        Records.payload(record),
        job.diedMillis(),
        job.reason());
  }

  @Override
  public void gone() {
    if (!shownReady.isEmpty()) {
      shownReady.forEach(record -> ready.acknowledge(record, AcknowledgeType.ACCEPT));
      shownReady = List.of();
      Map<TopicIdPartition, Optional<KafkaException>> answers = ready.commitSync(options.timeout());
      answers.forEach(
          (where, error) ->
              error.ifPresent(
                  e -> Faults.report("jobs of " + where + " are still there and come again", e)));
    }
    if (!shownDelayed.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : shownDelayed) {
        offsets.put(
            new TopicPartition(record.topic(), record.partition()),
            new OffsetAndMetadata(record.offset() + 1));
      }
      shownDelayed = List.of();
      delayed.commitSync(offsets, options.timeout());
    }
    if (!shownDead.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> letter : shownDead) {
        JobId id = Records.id(letter.key());
        if (id != null && dead.claim(id)) {
          dead.remove(id);
        }
      }
      shownDead = List.of();
      publisher.flush();
    }
  }

  @Override
  public void close() {
    ready.close();
    delayed.close();
    dead.close();
    publisher.close();
    admin.close(Duration.ZERO);
  }
}
