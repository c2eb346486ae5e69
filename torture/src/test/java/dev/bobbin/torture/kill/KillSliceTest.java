package dev.bobbin.torture.kill;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class KillSliceTest {
  @Test
  void nothingIsLostOrInventedByKills() {
    Slice.run("kill", "--kills", "50");
  }
}
