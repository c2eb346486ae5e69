package dev.bobbin.torture.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /**
   * A block calls its own segment freed, or names one that no segment is, so that the file passes
   * for a spare; and its body holds a block for the use that the file will be put to next.
   */
  @ParameterizedTest
  @CsvSource({"1, 9, 2", "0, 0, 1"})
  void blockInTheBodyOfOneThatIsNoneStaysAway(long segment, long oldest, long next) {
    byte[] file = new byte[JournalCheck.SEGMENT_BYTES];
    Seal.little(file).putLong(24, segment);
    Seal.segment(file);
    int inner = 2 * Seal.PAGE;
    Seal.little(file).putInt(inner + Seal.BLOCK_HEADER, 48); // The frame's length.
    Seal.little(file).putLong(inner + Seal.BLOCK_HEADER + 8, 8).putLong(inner + 112, 8);
    file[inner + Seal.BLOCK_HEADER + 32] = 1;
    block(file, inner, 1, 48, next, 1, 1);
    Seal.little(file).putLong(inner + 40, 8).putLong(inner + 48, 56).putLong(inner + 56, 56);
    Seal.block(file, inner);
    block(file, Seal.PAGE, 3, 2 * Seal.PAGE, segment, 0, oldest);
    block(file, 4 * Seal.PAGE, 3, 0, segment, 1, oldest);
    JournalCheck.check(file, JournalCheck.emptyRing());
  }

  private static void block(
      byte[] file, int at, int kind, int body, long segment, long number, long oldest) {
    ByteBuffer bytes = Seal.little(file);
    bytes.putInt(at + 8, body).putLong(at + 16, segment).putInt(at + 32, kind);
    bytes.putLong(at + 24, number).putLong(at + 72, oldest).putInt(at + 80, kind == 1 ? 1 : 0);
    Seal.block(file, at);
  }
}
