package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Impossible options are refused by a message that names option, value and range. */
class OptionsTest {
  private static final QueueOptions DEFAULTS = QueueOptions.defaults();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void refuses(Runnable options, String... inMessage) {
    assertThatThrownBy(options::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(inMessage);
  }

  @Test
  void ringIsAPowerOfTwoInItsRange() {
    refuses(() -> DEFAULTS.withRingBytes(-1), "ringBytes", "-1", "262144", "1073741824");
    refuses(() -> DEFAULTS.withRingBytes(128 << 10), "ringBytes", "131072", "262144");
    refuses(() -> DEFAULTS.withRingBytes(300_000), "ringBytes", "300000", "power of two");
    assertThat(DEFAULTS.withRingBytes(1 << 30).ringBytes()).isEqualTo(1 << 30);
  }

  @Test
  void segmentIsAMultipleOfABlock() {
    refuses(() -> DEFAULTS.withSegmentBytes(4096), "segmentBytes", "4096", "1048576");
    refuses(
        () -> DEFAULTS.withSegmentBytes((1 << 20) + 1), "segmentBytes", "1048577", "multiple of");
  }

  @Test
  void payloadFitsRingAndSegment() {
    refuses(() -> DEFAULTS.withMaxPayloadBytes(0), "maxPayloadBytes", "found 0", "1048576");
    refuses(() -> DEFAULTS.withMaxPayloadBytes((1 << 20) + 1), "maxPayloadBytes", "1048577");
    assertThat(DEFAULTS.withRingBytes(256 << 10).maxPayloadBytes()).isEqualTo(4096);
    int inSmallSegment = DEFAULTS.withSegmentBytes(1 << 20).maxPayloadBytes();
    assertThat(inSmallSegment).isLessThan(1 << 20);
    refuses(
        () -> DEFAULTS.withSegmentBytes(1 << 20).withMaxPayloadBytes(inSmallSegment + 1),
        "maxPayloadBytes");
  }

  @Test
  void timesHaveRanges() {
    refuses(() -> DEFAULTS.withFlushInterval(Duration.ZERO), "flushInterval", "PT0S", "PT10S");
    refuses(() -> DEFAULTS.withFlushInterval(Duration.ofSeconds(11)), "flushInterval", "PT11S");
    refuses(() -> DEFAULTS.withSubmitTimeout(SECOND.negated()), "submitTimeout", "PT-1S");
    assertThat(DEFAULTS.withSubmitTimeout(Duration.ZERO).submitTimeout()).isZero();
  }

  @Test
  void limitsHaveRanges() {
    refuses(() -> Limits.DEFAULT.withJobs(0), "Limits.jobs", "found 0", "1", "unlimited");
    refuses(() -> Limits.DEFAULT.withBytes(100), "Limits.bytes", "found 100", "65536");
    assertThat(Limits.DEFAULT.withJobs(5).withBytes(1 << 20)).isEqualTo(new Limits(5, 1 << 20));
  }

  @Test
  void workersHaveARange() {
    refuses(() -> WorkOptions.workers(0), "WorkOptions.workers", "found 0", "1024");
    refuses(() -> WorkOptions.workers(1).batch(5000), "WorkOptions.maxBatch", "5000", "4096");
  }

  @Test
  void retryPolicyHasRanges() {
    RetryPolicy policy = RetryPolicy.exponential(SECOND);
    refuses(() -> policy.attempts(0), "maxAttempts", "found 0", "65535");
    refuses(() -> policy.attempts(65_536), "maxAttempts", "65536");
    refuses(() -> policy.jittered(1.1), "jitter", "1.1", "from 0 to 1");
    refuses(() -> policy.jittered(Double.NaN), "jitter", "NaN");
    refuses(() -> policy.upTo(Duration.ofMillis(999)), "maxDelay", "PT0.999S", "PT1S");
    refuses(() -> RetryPolicy.exponential(SECOND.negated()), "firstDelay", "PT-1S");
  }

  @Test
  void retryDelayDoublesUpToItsMaximum() {
    RetryPolicy policy = RetryPolicy.exponential(SECOND).upTo(Duration.ofSeconds(10)).jittered(0);
    assertThat(policy.delayAfter(1, 0.5)).isEqualTo(SECOND);
    assertThat(policy.delayAfter(2, 0.5)).isEqualTo(SECOND.multipliedBy(2));
    assertThat(policy.delayAfter(4, 0.5)).isEqualTo(SECOND.multipliedBy(8));
    assertThat(policy.delayAfter(5, 0.5)).isEqualTo(SECOND.multipliedBy(10));
    assertThat(policy.delayAfter(65_535, 0.5)).isEqualTo(SECOND.multipliedBy(10));
    assertThat(RetryPolicy.exponential(Duration.ZERO).delayAfter(65_535, 0.5)).isZero();
  }

  @Test
  void jitterShortensADelayByItsShareAtMost() {
    RetryPolicy policy = RetryPolicy.exponential(SECOND).jittered(0.2);
    assertThat(policy.delayAfter(1, 0)).isEqualTo(SECOND);
    assertThat(policy.delayAfter(1, 0.999_999)).isBetween(Duration.ofMillis(800), SECOND);
    assertThat(policy.delayAfter(1, 0.5)).isEqualTo(Duration.ofMillis(900));
  }

  @Test
  void jobIdIsReadBack() {
    JobId id = new JobId(-1, 1L << 41);
    assertThat(JobId.parse(id.toString())).isEqualTo(id);
    for (String bad : new String[] {"", "-", "1", "1-", "-1", "g-1", "1-2-3", "1--2"}) {
      refuses(() -> JobId.parse(bad), "found: " + bad);
    }
  }
}
