package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.kafka.broker.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three brokers dies under load, with everything on all three. */
@Tag("slow")
class ClusterTest {
  @TempDir Path directory;

  @Test
  void nothingIsLostWhenOneOfThreeBrokersDies() throws Exception {
    List<Broker> brokers = Broker.startThree(directory);
    String servers = String.join(",", brokers.stream().map(Broker::servers).toList());
    try (Bobbin bobbin = KafkaBobbin.connect(KafkaOptions.of(servers).withReplicas(3))) {
      JobQueue<String> queue = bobbin.queue("mail", Codec.text());
      try (Load load = new Load(queue)) {
        load.start();
        load.awaitThrough();
        Load.goOn(Duration.ofSeconds(5));
        Broker leader = brokers.get(leader(servers) - 1);
        long killed = System.nanoTime();
        leader.kill();
        load.awaitThrough();
        System.out.printf(
            "FIGURES cluster: through again after %.1f s%n", (System.nanoTime() - killed) / 1e9);
        Load.goOn(Duration.ofSeconds(10));
        assertThat(queue.status().failure()).isEmpty();
        leader.restart();
        Load.goOn(Duration.ofSeconds(5));
        load.finish("one of three brokers killed", Duration.ofMinutes(3));
      }
    } finally {
      brokers.forEach(Broker::close);
    }
  }

  /** The node that leads the first partition of the queue's jobs. */
  private static int leader(String servers) throws Exception {
    String jobs = new Topics("bobbin", "mail").jobs();
    try (Admin admin = Admin.create(java.util.Map.of("bootstrap.servers", servers))) {
      Node leader =
          Objects.requireNonNull(
                  admin.describeTopics(List.of(jobs)).allTopicNames().get().get(jobs))
              .partitions()
              .get(0)
              .leader();
      return leader.id();
    }
  }
}
