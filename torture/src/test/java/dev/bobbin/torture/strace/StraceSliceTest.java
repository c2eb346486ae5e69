package dev.bobbin.torture.strace;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StraceSliceTest {
  @Test
  void failingSystemCallsAreToldAndCostNothing() {
    Slice.run("strace", "--runs", "3");
  }
}
