package dev.bobbin.torture.owners;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class OwnersTest {
  @Test
  void neverTwoOwners() {
    Slice.run("owners", "--opens", "20");
  }
}
