package dev.bobbin.torture.soak;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

/** Keeps the campaign alive: too short to say anything of a trend. */
class SoakSliceTest {
  @Test
  void soaksForSixSeconds() {
    Slice.run("soak", "--minutes", "0.1");
  }
}
