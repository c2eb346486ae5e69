package dev.bobbin.torture.races;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class RacesTest {
  @Test
  void nothingForbiddenIsSeen() {
    Slice.run("races", "--quick", "--minutes", "0.2", "--scenarios", "2", "--runs", "200");
  }
}
