package dev.bobbin.torture.strace;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class StraceSliceTest {
  @Test
  void failingSystemCallsAreToldAndCostNothing() {
    Slice.run("strace", "--runs", "3");
  }
}
