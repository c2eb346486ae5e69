package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.position.PositionRanges;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths in a body whose checksum somebody has made up. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameBodiesTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 8, 39, 49, 1 << 30, -8, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void lengthThatNoFrameCanHaveIsCorruption(int length) {
    byte[] body = new byte[48];
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
    assertThatThrownBy(
            () -> FrameBodies.forEachLive(body, new PositionRanges(), (bytes, offset, at) -> {}))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("length");
  }

  /** What is copied is the frame with its padding. */
  @ParameterizedTest
  @ValueSource(ints = {41, 44, 47})
  void frameWhosePaddingIsMissingIsCorruption(int bytes) {
    byte[] body = new byte[bytes];
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(0, bytes);
    assertThatThrownBy(
            () -> FrameBodies.forEachLive(body, new PositionRanges(), (all, offset, at) -> {}))
        .isInstanceOf(CorruptionException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 39})
  void restThatIsTooShortForAFrameIsCorruption(int bytes) {
    assertThatThrownBy(
            () ->
                FrameBodies.forEachLive(
                    new byte[bytes], new PositionRanges(), (body, offset, at) -> {}))
        .isInstanceOf(CorruptionException.class);
  }
}
