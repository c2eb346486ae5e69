package dev.bobbin.torture.fuzz;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class FuzzTest {
  /** Seconds for each target. */
  private static final int SECONDS = Integer.getInteger("bobbin.fuzz.seconds", 2);

  @Test
  void noReaderFailsOnHostileBytes() {
    Slice.run("fuzz", "--seconds", String.valueOf(SECONDS));
  }
}
