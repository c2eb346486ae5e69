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

  /** Other tests run beside and have threads too: {@link IdleThreadsTest} counts them. */
  @Override
  public int idleThreads() {
    return Integer.MAX_VALUE;
  }
}
