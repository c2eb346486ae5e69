package dev.bobbin.internal.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Priority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each priority is for itself, and what is ready is not counted as delayed. */
class DelaysTest {
  private final List<Long> earlier = new ArrayList<>();
  private final Delays delays = new Delays(0, earlier::add);
  private final List<Long> due = new ArrayList<>();

  private int expire(Priority priority, long nowMillis) {
    return delays.expire(priority, nowMillis, 100, (dueMillis, position) -> due.add(position));
  }

  @Test
  void expiringOnePriorityLeavesTheOthers() {
    delays.add(Priority.NORMAL, 100, 8);
    delays.add(Priority.LOW, 50, 16);
    delays.addReady(Priority.LOW, 10, 24);
    assertThat(expire(Priority.HIGH, 1_000)).isZero();
    assertThat(expire(Priority.LOW, 1_000)).isEqualTo(2);
    assertThat(due).containsExactly(24L, 16L);
    assertThat(delays.nextDueMillis(Priority.LOW)).isEqualTo(Long.MAX_VALUE);
    assertThat(delays.nextDueMillis(Priority.NORMAL)).isLessThanOrEqualTo(100);
    assertThat(expire(Priority.NORMAL, 99)).isZero();
    assertThat(expire(Priority.NORMAL, 100)).isEqualTo(1);
  }

  @Test
  void readyAndDelayedAreCountedApart() {
    delays.add(Priority.LOW, 100, 8);
    delays.addReady(Priority.LOW, 10, 16);
    delays.addReady(Priority.URGENT, 10, 24);
    assertThat(delays.counts()).isEqualTo(new Delays.Counts(1, 2));
    expire(Priority.LOW, 50);
    assertThat(delays.counts()).isEqualTo(new Delays.Counts(1, 1));
    expire(Priority.URGENT, 50);
    expire(Priority.LOW, 100);
    assertThat(delays.counts()).isEqualTo(new Delays.Counts(0, 0));
    assertThat(due).containsExactly(16L, 24L, 8L);
  }

  @Test
  void tellsOfWhatIsDueBeforeAllOthersOfItsPriority() {
    delays.add(Priority.NORMAL, 100, 8);
    delays.add(Priority.NORMAL, 200, 16);
    delays.addReady(Priority.LOW, 150, 24);
    delays.addReady(Priority.LOW, 151, 32);
    delays.add(Priority.NORMAL, 50, 40);
    assertThat(earlier).containsExactly(100L, 150L, 50L);
  }

  @Test
  void unusedPrioritiesHaveNoWheel() {
    assertThat(delays.wheels()).isZero();
    assertThat(expire(Priority.HIGH, 1_000)).isZero();
    assertThat(delays.nextDueMillis(Priority.HIGH)).isEqualTo(Long.MAX_VALUE);
    assertThat(delays.wheels()).isZero();
    delays.add(Priority.NORMAL, 100, 8);
    assertThat(delays.wheels()).isEqualTo(1);
  }
}
