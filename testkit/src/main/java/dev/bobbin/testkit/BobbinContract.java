package dev.bobbin.testkit;

import dev.bobbin.Bobbin;
import dev.bobbin.QueueOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * The promises that every backend keeps, as tests. Extend it, say how the backend is opened, and
 * JUnit runs them:
 *
 * <pre>{@code
 * class DirectoryContractTest extends BobbinContract {
 *   @TempDir Path directory;
 *
 *   @Override
 *   protected Bobbin open() {
 *     return Bobbin.open(directory);
 *   }
 * }
 * }</pre>
 *
 * <p>What a backend does not declare in {@link Bobbin#capabilities()} is not asked of it: tests of
 * what is kept are skipped without {@link dev.bobbin.Capability#KEEPS_JOBS}. Tests go by real time,
 * and wait for {@link #patience()} at most; none takes long when all is well.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class BobbinContract
    implements DeliveryContract,
        OutcomeContract,
        WorkerContract,
        LeaseContract,
        LimitContract,
        DeadLetterContract,
        StatusContract,
        LifeContract,
        DepthContract {
  private @Nullable Bobbin bobbin;

  /** For subclasses. */
  protected BobbinContract() {}

  /**
   * Opens the backend. The first time in a test it is empty; if it survives, a later call in the
   * same test opens the same one again, which was closed before.
   */
  protected abstract Bobbin open();

  @Override
  public final Bobbin bobbin() {
    Bobbin open = bobbin;
    if (open == null) {
      open = open();
      bobbin = open;
    }
    return open;
  }

  @Override
  public final Bobbin reopened() {
    close();
    return bobbin();
  }

  /**
   * The options that queues are opened with; each test changes what it is about. By default a ring
   * of 256 KiB, segments of 1 MiB and a flush every millisecond.
   */
  @Override
  public QueueOptions options() {
    return QueueOptions.defaults()
        .withRingBytes(256 << 10)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(1));
  }

  /** How long what has to happen may take before a test fails: 20 s by default. */
  @Override
  public Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** How many threads the backend may have besides workers, whatever the queues: 4 by default. */
  @Override
  public int idleThreads() {
    return 4;
  }

  /** Closes what the test has left open. */
  @AfterEach
  final void close() {
    Bobbin open = bobbin;
    bobbin = null;
    if (open != null) {
      open.close();
    }
  }
}
