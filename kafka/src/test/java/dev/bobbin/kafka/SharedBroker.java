package dev.bobbin.kafka;

import dev.bobbin.kafka.broker.Broker;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker for all tests of this process; each uses a prefix of its own. */
final class SharedBroker {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private SharedBroker() {}

  static Broker broker() {
    return Broker.shared();
  }

  /** Options with a prefix that nobody else has. */
  static KafkaOptions options() {
    return KafkaOptions.of(broker().servers())
        .withPrefix("test-" + PREFIXES.incrementAndGet())
        .withPartitions(1)
        .withReplicas(1);
  }
}
