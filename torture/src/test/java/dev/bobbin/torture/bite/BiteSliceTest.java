package dev.bobbin.torture.bite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.torture.Slice;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BiteSliceTest {
  /** Each is found for certain, whatever the seed, by the first campaign that it names. */
  @Test
  void fiveBugsAreCaught() {
    Slice.run(
        "bite",
        "--first",
        "--only",
        "attempt-not-counted,lock-ignored,no-force,snooze-burns-attempt,extras-lost-on-retry");
  }

  /** A change of the core that takes away a bug's lines must move the bug. */
  @Test
  void everyBugFitsTheSources() throws Exception {
    Path root = BiteCampaign.root();
    List<Bug> bugs = Bug.readAll(root.resolve("torture/bugs"));
    for (Bug bug : bugs) {
      for (Patch.FileChange change : bug.changes()) {
        assertThat(Patch.apply(change, root)).as(bug.name()).isNotEmpty();
      }
    }
    assertThat(bugs).hasSizeGreaterThanOrEqualTo(20);
  }
}
