package dev.bobbin.torture.corrupt;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class CorruptTest {
  @Test
  void damageIsSaidAndWhatIsWholeComesBack() {
    String types = "MARKER,IDENTITY,RING,SEGMENT,SPARE,LOCK,STRAY";
    Slice.run("corrupt", "--mutations", "286", "--every", "8009", "--types", types);
  }
}
