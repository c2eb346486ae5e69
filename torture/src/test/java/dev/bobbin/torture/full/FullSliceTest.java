package dev.bobbin.torture.full;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class FullSliceTest {
  @Test
  void aFullDiskCostsNothing() {
    Slice.run("full", "--levels", "5");
  }
}
