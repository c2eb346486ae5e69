package dev.bobbin.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker for all tests of this process; each uses a prefix of its own. */
final class SharedBroker {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private SharedBroker() {}

  private static final class Holder {
    static final Broker BROKER = start();

    private static Broker start() {
      try {
        Path directory = Files.createTempDirectory("bobbin-kafka");
        Properties settings = new Properties();
        // For tests that want to see locks end.
        settings.setProperty("group.share.min.record.lock.duration.ms", "1000");
        Broker broker = Broker.start(directory, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker, directory)));
        return broker;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static void stop(Broker broker, Path directory) {
      broker.close();
      try (var files = Files.walk(directory)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static Broker broker() {
    return Holder.BROKER;
  }

  /** Options with a prefix that nobody else has. */
  static KafkaOptions options() {
    return KafkaOptions.of(broker().servers())
        .withPrefix("test-" + PREFIXES.incrementAndGet())
        .withPartitions(1)
        .withReplicas(1);
  }
}
