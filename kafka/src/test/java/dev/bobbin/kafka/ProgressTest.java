package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void beginsWhereThePartitionWasLeft() {
    Progress progress = new Progress(17);
    assertThat(progress.offset()).isEqualTo(17);
    assertThat(progress.committedOffset()).isEqualTo(17);
    progress.offered();
    assertThat(progress.commit()).isZero();
  }

  @Test
  void stopsBeforeTheFirstThatHasNotEnded() {
    Progress progress = new Progress(0);
    progress.begin(0);
    progress.begin(5);
    progress.begin(6);
    progress.end(5);
    assertThat(progress.offset()).isZero();
    progress.end(0);
    assertThat(progress.offset()).isEqualTo(6);
    progress.end(6);
    assertThat(progress.offset()).isEqualTo(7);
  }

  @Test
  void whatEndsDuringACommitIsLeftToTheNext() {
    Progress progress = new Progress(0);
    progress.begin(0);
    progress.begin(1);
    progress.end(0);
    assertThat(progress.offered()).isEqualTo(1);
    progress.end(1);
    assertThat(progress.commit()).isEqualTo(1);
    assertThat(progress.committedOffset()).isEqualTo(1);
    assertThat(progress.offered()).isEqualTo(2);
    assertThat(progress.commit()).isEqualTo(1);
  }

  /** As a transaction's markers leave them, or records that were deleted. */
  @Test
  void gapsBetweenOffsetsAreNoRecords() {
    Progress progress = new Progress(0);
    progress.begin(3);
    progress.begin(10);
    progress.begin(20);
    progress.end(3);
    progress.end(20);
    assertThat(progress.offered()).isEqualTo(10);
    assertThat(progress.commit()).isEqualTo(1);
  }

  @Test
  void agreesWithAListOfWhatIsOpen() {
    for (int run = 0; run < 500; run++) {
      agreesOnce();
    }
  }

  private void agreesOnce() {
    long begin = random.nextInt(100);
    Progress progress = new Progress(begin);
    TreeSet<Long> open = new TreeSet<>();
    List<Long> begun = new ArrayList<>();
    long next = begin;
    long counted = 0;
    for (int step = 0; step < 200; step++) {
      int choice = random.nextInt(5);
      if (choice < 2) {
        next += random.nextInt(3);
        progress.begin(next);
        open.add(next);
        begun.add(next);
        next++;
      } else if (choice < 4 && !open.isEmpty()) {
        long ended = List.copyOf(open).get(random.nextInt(open.size()));
        progress.end(ended);
        open.remove(ended);
      } else {
        long offset = progress.offered();
        counted += progress.commit();
        assertThat(counted)
            .as("seed %d", seed)
            .isEqualTo(begun.stream().filter(at -> at < offset).count());
      }
      assertThat(progress.offset())
          .as("seed %d", seed)
          .isEqualTo(open.isEmpty() ? next : open.first());
    }
  }
}
