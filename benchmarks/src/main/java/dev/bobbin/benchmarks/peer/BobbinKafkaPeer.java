package dev.bobbin.benchmarks.peer;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import dev.bobbin.kafka.KafkaBobbin;
import dev.bobbin.kafka.KafkaOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;

/**
 * This queue on Apache Kafka's share groups: the same broker, and as many partitions, as {@link
 * KafkaPeer} has.
 */
final class BobbinKafkaPeer extends BrokerPeer<KafkaBroker> {
  @Override
  public Map<String, String> settings() {
    Map<String, String> all = new TreeMap<>();
    all.put("broker", KafkaBroker.WORDS);
    all.put("handler", "raw handler");
    all.put("KafkaOptions.partitions", "as many as workers");
    all.put("KafkaOptions.replicas", "1");
    all.put("producer, the queue's own", "acks=all, enable.idempotence=true");
    all.put("share group, the queue's own", "share.partition.max.record.locks=4000");
    all.put("acks of jobs", "the queue's own, to the broker asynchronously");
    return all;
  }

  @Override
  KafkaBroker start(Path home) throws IOException, InterruptedException {
    return new KafkaBroker(home);
  }

  @Override
  Transport open(KafkaBroker broker, String name, Load load) {
    KafkaOptions options =
        KafkaOptions.of(broker.address())
            .withPrefix(name)
            .withPartitions(load.workers())
            .withReplicas(1);
    Bobbin bobbin = KafkaBobbin.connect(options);
    return new Open(bobbin, bobbin.queue("bench", Codec.bytes()), broker, load.batch());
  }

  private record Open(Bobbin bobbin, JobQueue<byte[]> queue, KafkaBroker broker, int batch)
      implements Transport {
    @Override
    public void start(List<Receiver> receivers) {
      // A group for each worker, since each has a receiver of its own.
      for (Receiver receiver : receivers) {
        queue.workRaw(WorkOptions.workers(1).batch(batch), receiver);
      }
    }

    @Override
    public Producer producer() {
      return new Producer() {
        @Override
        public void send(byte[] payload) {
          queue.submit(payload);
        }

        @Override
        public void flush() {
          queue.sync();
        }
      };
    }

    @Override
    public void close() throws IOException {
      bobbin.close();
      // The broker has no other topics but its own, which are not listed.
      try (Admin admin = broker.admin()) {
        admin
            .listTopics()
            .names()
            .toCompletionStage()
            .thenCompose(names -> admin.deleteTopics(names).all().toCompletionStage())
            .toCompletableFuture()
            .join();
      }
    }
  }
}
