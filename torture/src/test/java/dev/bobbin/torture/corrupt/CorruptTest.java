package dev.bobbin.torture.corrupt;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class CorruptTest {
  @Test
  void damageIsSaidAndWhatIsWholeComesBack() {
    Slice.run("corrupt", "--mutations", "150", "--every", "601");
  }
}
