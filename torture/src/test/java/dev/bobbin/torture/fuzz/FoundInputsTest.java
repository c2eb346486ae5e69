package dev.bobbin.torture.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** What the fuzzer has found before, once more. */
class FoundInputsTest {
  private static byte[] input(String name) throws IOException {
    try (InputStream in = FoundInputsTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  /** A segment in front of the oldest one, by the number of its first block. */
  @Test
  void verifyBearsASegmentThatBeginsTooEarly() throws IOException {
    VerifyTarget.fuzzerTestOneInput(input("verify-oldest-begins-later"));
  }

  /** Its header is out of its mind, its block is not: a new segment must not get that number. */
  @Test
  void blockOfASegmentWithoutHeaderStaysAway() throws IOException {
    SegmentTarget.fuzzerTestOneInput(input("segment-number-given-again"));
  }
}
