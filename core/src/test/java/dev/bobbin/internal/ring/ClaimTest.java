package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.JobOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a batch says about its jobs, and which positions are its worker's to finish. */
@Timeout(120)
class ClaimTest extends OneRing {
  private long aside() {
    writer.delayed(new byte[8], 0, 0);
    return ring.appendReserved(writer);
  }

  private List<Long> ranges() {
    List<Long> ranges = new ArrayList<>();
    claim.forEachRange((from, to) -> ranges.addAll(List.of(from, to)));
    return ranges;
  }

  @Test
  void asideFramesAtBothEndsAreLeftOut() {
    aside();
    long first = submit(8);
    long second = submit(8);
    long last = aside();
    assertThat(take(256, CAPACITY)).containsExactly(first, second);
    assertThat(ranges()).containsExactly(first, last);
  }

  @Test
  void anyNumberOfAsideFramesIsLeftOut() {
    List<Long> jobs = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      jobs.add(submit(8));
      expected.addAll(List.of(jobs.get(i), aside()));
    }
    assertThat(take(256, CAPACITY)).isEqualTo(jobs);
    assertThat(ranges()).isEqualTo(expected);
  }

  @Test
  void nextBatchKnowsNothingOfTheAsideFramesOfTheOneBefore() {
    submit(8);
    aside();
    take(256, CAPACITY);
    finishClaim();
    long next = submit(8);
    assertThat(take(256, CAPACITY)).containsExactly(next);
    assertThat(claim.from()).isEqualTo(next);
    assertThat(claim.to()).isEqualTo(ring.tail());
    assertThat(ranges()).containsExactly(next, ring.tail());
  }

  /** A batch that begins with the padding at the ring's end and goes on at its start. */
  @Test
  void positionsBehindPaddingAreOfTheNextLap() {
    long end = 2L * CAPACITY;
    advanceTo(CAPACITY - 64);
    submit(100);
    submit(8);
    submit(8);
    assertThat(take(256, CAPACITY)).containsExactly(end, end + 144, end + 192);
    assertThat(claim.from()).isEqualTo(end - 64);
  }

  @Test
  void batchIsPlainWhenNoJobCarriesMoreThanItsPayload() {
    submit(8);
    submit(8);
    take(256, CAPACITY);
    assertThat(claim.isPlain()).isTrue();
    writer.ready(new byte[8], Extras.of(JobOptions.key("k"), 0), 0);
    ring.append(writer);
    submit(8);
    take(256, CAPACITY);
    assertThat(claim.isPlain()).as("the first of two has a key").isFalse();
    submit(8);
    take(256, CAPACITY);
    assertThat(claim.isPlain()).as("the batch after it").isTrue();
  }

  @Test
  void batchIsReadySinceItsFirstJobWas() {
    aside();
    for (long millis : new long[] {3_000, 4_000}) {
      writer.ready(new byte[8], millis);
      ring.append(writer);
    }
    take(256, CAPACITY);
    assertThat(claim.readyMillis()).isEqualTo(3_000);
  }
}
