package dev.bobbin.torture.stopped;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class StoppedSliceTest {
  @Test
  void lateOutcomesChangeNothing() {
    Slice.run("stopped", "--stops", "10");
  }
}
