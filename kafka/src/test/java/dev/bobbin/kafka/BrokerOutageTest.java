package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.kafka.broker.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The only broker dies under load and comes back. */
@Tag("slow")
class BrokerOutageTest {
  @TempDir Path directory;

  @Test
  void nothingIsLostInAMinuteWithoutABroker() throws Exception {
    try (Broker broker = Broker.start(directory, new Properties());
        Bobbin bobbin = KafkaBobbin.connect(KafkaOptions.of(broker.servers()).withReplicas(1))) {
      QueueOptions options = QueueOptions.defaults().withSubmitTimeout(Duration.ofSeconds(2));
      JobQueue<String> queue = bobbin.queue("mail", Codec.text(), options);
      try (Load load = new Load(queue)) {
        load.start();
        load.awaitThrough();
        Load.goOn(Duration.ofSeconds(5));
        broker.kill();
        Load.goOn(Duration.ofSeconds(60));
        assertThat(queue.status().failure()).isEmpty();
        long restarted = System.nanoTime();
        broker.restart();
        load.awaitThrough();
        System.out.printf(
            "FIGURES outage: through again after %.1f s, with the start of the broker%n",
            (System.nanoTime() - restarted) / 1e9);
        Load.goOn(Duration.ofSeconds(5));
        load.finish("outage of 60 s", Duration.ofMinutes(3));
      }
    }
  }
}
