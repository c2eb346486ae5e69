package dev.bobbin.torture.clocks;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class ClocksTest {
  @Test
  void dueTimesGoByTheWallClockAndLengthsDoNot() {
    Slice.run("clocks", "--sequences", "20");
  }
}
