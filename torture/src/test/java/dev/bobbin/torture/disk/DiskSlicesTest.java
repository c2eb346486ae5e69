package dev.bobbin.torture.disk;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

/** Rows 3, 4 and 11 in small. */
class DiskSlicesTest {
  @Test
  void tornWritesLoseNothingThatWasPromised() {
    Slice.run("torn", "--states", "5000", "--scenarios", "10");
  }

  @Test
  void failedOperationsAreNeverTakenForSuccess() {
    Slice.run("errors", "--scenarios", "2", "--reads", "64");
  }

  @Test
  void stallsHoldUpAndEnd() {
    Slice.run("slow", "--stalls", "6", "--longest", "1500");
  }
}
