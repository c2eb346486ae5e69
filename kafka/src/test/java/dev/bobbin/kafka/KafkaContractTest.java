package dev.bobbin.kafka;

import dev.bobbin.Bobbin;
import dev.bobbin.testkit.BobbinContract;
import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on a real broker. */
@Execution(ExecutionMode.CONCURRENT)
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

  /** Those of the clients; no queue has one. */
  @Override
  public int idleThreads() {
    return 8;
  }
}
