package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka with one broker on this machine, set for bulk: as a consumer group that commits
 * after each poll, or as a share group that acknowledges each record.
 */
final class KafkaPeer extends BrokerPeer<KafkaBroker> {
  private static final Duration POLL = Duration.ofMillis(100);

  private final boolean share;
  private final Map<String, String> topicSettings = new TreeMap<>();
  private final Map<String, Object> producerSettings = new TreeMap<>();
  private final Map<String, Object> consumerSettings = new TreeMap<>();

  KafkaPeer(boolean share) {
    this.share = share;
    // A job queue may not lose or double a job when the broker or the network falters.
    producerSettings.put("acks", share ? "all" : "1");
    producerSettings.put("batch.size", "262144");
    producerSettings.put("linger.ms", "5");
    producerSettings.put("buffer.memory", "134217728");
    producerSettings.put("enable.idempotence", Boolean.toString(share));
    consumerSettings.put("max.poll.records", "5000");
    consumerSettings.put("fetch.min.bytes", "65536");
    consumerSettings.put("fetch.max.wait.ms", "10");
    if (share) {
      consumerSettings.put("share.acknowledgement.mode", "explicit");
    } else {
      consumerSettings.put("enable.auto.commit", "false");
      consumerSettings.put("auto.offset.reset", "earliest");
    }
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> all = new TreeMap<>();
    all.put("broker", KafkaBroker.WORDS);
    producerSettings.forEach((name, value) -> all.put("producer " + name, value.toString()));
    consumerSettings.forEach((name, value) -> all.put("consumer " + name, value.toString()));
    all.put("acks of jobs", share ? "acknowledge and commitAsync" : "commitAsync after each poll");
    return all;
  }

  @Override
  KafkaBroker start(Path home) throws IOException, InterruptedException {
    return new KafkaBroker(home);
  }

  @Override
  Transport open(KafkaBroker broker, String topic, Load load)
      throws InterruptedException, ExecutionException {
    try (Admin admin = broker.admin()) {
      // A consumer group has at most one worker for each partition.
      NewTopic wanted = new NewTopic(topic, load.workers(), (short) 1).configs(topicSettings);
      admin.createTopics(List.of(wanted)).all().get();
      if (share) {
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, topic),
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry("share.auto.offset.reset", "earliest"),
                            AlterConfigOp.OpType.SET))))
            .all()
            .get();
      }
    }
    return new Open(topic, broker);
  }

  private final class Open implements Transport {
    private final String topic;
    private final KafkaBroker broker;
    private volatile @Nullable Exception failed;
    private final WorkerThreads workers = new WorkerThreads();
    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();

    Open(String topic, KafkaBroker broker) {
      this.topic = topic;
      this.broker = broker;
    }

    private Map<String, Object> with(Map<String, Object> settings) {
      Map<String, Object> all = new TreeMap<>(settings);
      all.put("bootstrap.servers", broker.address());
      return all;
    }

    @Override
    public void start(List<Receiver> receivers) {
      Map<String, Object> settings = with(consumerSettings);
      settings.put("group.id", topic);
      workers.start(
          receivers,
          receiver -> {
            if (share) {
              share(settings, receiver);
            } else {
              consume(settings, receiver);
            }
          });
    }

    private void consume(Map<String, Object> settings, Receiver receiver) {
      try (var consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer.subscribe(List.of(topic));
        while (!workers.stopping()) {
          for (ConsumerRecord<byte[], byte[]> job : consumer.poll(POLL)) {
            receiver.handle(job.value());
          }
          consumer.commitAsync();
        }
      }
    }

    private void share(Map<String, Object> settings, Receiver receiver) {
      try (var consumer =
          new KafkaShareConsumer<>(
              settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer.subscribe(List.of(topic));
        while (!workers.stopping()) {
          for (ConsumerRecord<byte[], byte[]> job : consumer.poll(POLL)) {
            receiver.handle(job.value());
            consumer.acknowledge(job, AcknowledgeType.ACCEPT);
          }
          consumer.commitAsync();
        }
      }
    }

    @Override
    public Producer producer() {
      KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              with(producerSettings), new ByteArraySerializer(), new ByteArraySerializer());
      producers.add(producer);
      return new Producer() {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // its callback has the error
        public void send(byte[] payload) {
          producer.send(
              new ProducerRecord<>(topic, payload),
              (where, e) -> {
                if (e != null) {
                  failed = e;
                }
              });
        }

        @Override
        public void flush() {
          producer.flush();
          if (failed != null) {
            throw new IllegalStateException("a job was not accepted", failed);
          }
        }
      };
    }

    @Override
    public void close() {
      workers.stop(false);
      producers.forEach(KafkaProducer::close);
      try (Admin admin = broker.admin()) {
        admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture().join();
      }
    }
  }
}
