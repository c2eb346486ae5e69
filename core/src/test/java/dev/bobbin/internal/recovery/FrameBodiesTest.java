package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.FrameWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
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

  // What is checked before jobs are read back: frames of [first, end), in order.

  private static final long SEED = 0x5eed;

  private static byte[] frames(long... positions) {
    FrameWriter writer = new FrameWriter();
    ByteBuffer body = ByteBuffer.allocate(positions.length * 40);
    for (long position : positions) {
      writer.ready(new byte[0], 0);
      body.put(writer.sealed(position, SEED));
    }
    return body.array();
  }

  private static void check(byte[] body, long first, long end) throws IOException {
    new FrameBodies(SEED).check(body, first, end);
  }

  @Test
  void framesInOrderAreGood() throws IOException {
    check(frames(), 80, 80);
    check(frames(80, 120, 1_000), 80, 1_001);
  }

  @Test
  void frameOutsideOfItsBlockIsBad() {
    byte[] body = frames(80);
    assertThatThrownBy(() -> check(body, 88, 200)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> check(body, 0, 80)).isInstanceOf(IOException.class);
  }

  @Test
  void framesThatOverlapAreBad() {
    assertThatThrownBy(() -> check(frames(80, 112), 80, 200))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a frame at 40 ");
  }

  @Test
  void restThatIsNoFrameIsBad() {
    byte[] body = Arrays.copyOf(frames(80), 79);
    assertThatThrownBy(() -> check(body, 0, 200)).isInstanceOf(IOException.class);
  }

  @Test
  void frameOfAnotherQueueIsBad() {
    byte[] body = frames(80);
    assertThatThrownBy(() -> new FrameBodies(SEED + 1).check(body, 80, 200))
        .isInstanceOf(IOException.class);
  }

  @Test
  void frameWithoutAPayloadIsWalkedOver() throws IOException {
    List<Long> seen = new ArrayList<>();
    FrameBodies.forEachLive(
        frames(80, 120), new PositionRanges(), (bytes, offset, position) -> seen.add(position));
    assertThat(seen).containsExactly(80L, 120L);
  }
}
