package dev.bobbin.kafka;

import dev.bobbin.Bobbin;
import dev.bobbin.testkit.BobbinContract;
import java.time.Duration;

/** The contract on a real broker. */
class KafkaContractTest extends BobbinContract {
  private final KafkaOptions kafka = SharedBroker.options();

  @Override
  protected Bobbin open() {
    return KafkaBobbin.connect(kafka);
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(60);
  }

  @Override
  public int idleThreads() {
    return 8;
  }
}
