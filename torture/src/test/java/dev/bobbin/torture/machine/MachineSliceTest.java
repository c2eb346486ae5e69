package dev.bobbin.torture.machine;

import dev.bobbin.torture.Slice;
import org.junit.jupiter.api.Test;

class MachineSliceTest {
  @Test
  void theDeathOfTheMachineCostsNothingThatWasPromised() {
    Slice.run("machine", "--deaths", "5", "--twice", "1", "--xfs", "0");
  }
}
