package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.SettledMark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The bytes that this version writes for what is given. A test that fails here says that the format
 * has changed: then it needs a new number (docs/file-format.md).
 */
class WrittenBytesTest {
  private static final long SEED = 0x0123_4567_89AB_CDEFL;
  private static final long NOW_MILLIS = 1_790_000_000_000L;

  private static void assertBytes(byte[] written, String... lines) {
    StringBuilder hex = new StringBuilder();
    for (int at = 0; at < written.length; at += 16) {
      hex.append(HexFormat.of().formatHex(written, at, Math.min(at + 16, written.length)));
      hex.append('\n');
    }
    assertThat(hex.toString().lines()).containsExactly(lines);
  }

  @Test
  void frameWithAllThatAJobCanCarry() {
    JobOptions options = JobOptions.key("k").header("h", "é").expiringAfter(Duration.ofDays(1));
    FrameWriter writer = new FrameWriter();
    writer.delayed(
        Priority.HIGH,
        "payload".getBytes(StandardCharsets.UTF_8),
        Extras.of(options, NOW_MILLIS),
        NOW_MILLIS + 1000,
        NOW_MILLIS);
    byte[] job = writer.sealed(1L << 40, SEED);
    assertBytes(
        job,
        "45000000e78ed57d0000000000010000",
        "0000000000010000e86f50c4a0010000",
        "020a0100803bb16a14000100c876c9a0",
        "01000002016b030100020068c3a97061",
        "796c6f6164000000");
    writer.dead(job, 0, 3, "why", NOW_MILLIS + 2000);
    assertBytes(
        writer.sealed((1L << 40) + 96, SEED),
        "4a000000027ccf2b6000000000010000",
        "0000000000010000d07350c4a0010000",
        "030b0300803bb16a0300776879140001",
        "00c876c9a001000002016b0301000200",
        "68c3a97061796c6f6164000000000000");
  }

  @Test
  void blockHeader() {
    Block.Header header =
        new Block.Header(0x11, 0x22, 0x33, 0x44, Block.MOVED, 8, 64, 72, 5, 6, 7, 9, 1, 0x55);
    ByteBuffer block = ByteBuffer.allocate(Block.HEADER_BYTES);
    Block.seal(block, header, SEED);
    assertBytes(
        block.array(),
        "424f4231dde391a41100000022000000",
        "33000000000000004400000000000000",
        "02000000010000000800000000000000",
        "40000000000000004800000000000000",
        "05000000000000000600000000000000",
        "07000000090000005500000000000000");
  }

  @Test
  void segmentHeader() {
    byte[] header = new byte[48];
    Segment.header(SEED, 3, 17).get(0, header);
    assertBytes(
        header,
        "4f4242494e53454702000000e65cc155",
        "efcdab89674523010300000000000000",
        "11000000000000000000000000000000");
  }

  @Test
  void settledMark() {
    ByteBuffer memory = ByteBuffer.allocate(SettledMark.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    new SettledMark(memory, SEED).store(1L << 41);
    assertBytes(
        memory.array(),
        "00000000000000000000000000000000",
        "0000000000020000d71a812482aa96b2");
  }
}
