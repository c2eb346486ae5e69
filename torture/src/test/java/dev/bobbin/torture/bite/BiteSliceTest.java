package dev.bobbin.torture.bite;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BiteSliceTest {
  /** Each is found for certain, whatever the seed, by the first campaign that it names. */
  @Test
  void fiveBugsAreCaught() {
    Slice.run(
        "bite",
        "--first",
        "--only",
        "attempt-not-counted,forget-the-error,lock-ignored,no-force,snooze-burns-attempt");
  }
}
