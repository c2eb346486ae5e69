package dev.bobbin.torture.races;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RacesTest {
  @Test
  void nothingForbiddenIsSeen() {
    Slice.run("races", "--quick", "--minutes", "0.6", "--scenarios", "2", "--runs", "200");
  }
}
