package dev.bobbin.kafka;

import dev.bobbin.Bobbin;
import dev.bobbin.testkit.BobbinContract;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

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

  @Override
  public int idleThreads() {
    return 8;
  }

  /** It counts the threads of this process: no other test may run. */
  @Test
  @Override
  @ResourceLock(Resources.GLOBAL)
  public void manyIdleQueuesShareAFewThreads() {
    super.manyIdleQueuesShareAFewThreads();
  }
}
