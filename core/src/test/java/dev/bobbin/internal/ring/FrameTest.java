package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a frame carries, what its copies keep, and what is believed of a hostile one. */
class FrameTest {
  private static final long SEED = 77;
  private static final long POSITION = 4096;
  private static final byte[] PAYLOAD = "payload".getBytes(StandardCharsets.UTF_8);
  private static final JobOptions ALL =
      JobOptions.key("käy")
          .expiringAfter(Duration.ofSeconds(5))
          .header("traceparent", "00-ä")
          .header("b", "");

  private final FrameWriter writer = new FrameWriter();

  /** The frame as it lies in a ring or journal, in an array without a byte too many. */
  private byte[] frame() {
    long word = writer.seal(POSITION, true, SEED);
    byte[] frame = Arrays.copyOf(writer.bytes(), writer.length());
    Frame.LONG_BYTES.set(frame, Frame.WORD, word);
    return frame;
  }

  private byte[] readyWith(JobOptions options) {
    writer.ready(PAYLOAD, Extras.of(options, 1_000), 1_000);
    return frame();
  }

  private static boolean isValid(byte[] frame) {
    return Frame.isValid(frame, 0, frame.length, POSITION, SEED);
  }

  private static byte[] payload(byte[] frame) {
    int from = Frame.payloadOffset(frame, 0);
    return Arrays.copyOfRange(frame, from, from + Frame.payloadLength(frame, 0));
  }

  private static ByteBuffer memory(byte[] frame) {
    return ByteBuffer.allocateDirect(frame.length).order(ByteOrder.LITTLE_ENDIAN).put(0, frame);
  }

  private static void assertCarriesAll(byte[] frame) {
    assertThat(isValid(frame)).isTrue();
    assertThat(Extras.key(frame, 0)).isEqualTo("käy");
    assertThat(Extras.expiryMillis(frame, 0)).isEqualTo(6_000);
    assertThat(Extras.expiryMillis(memory(frame), 0)).isEqualTo(6_000);
    assertThat(Extras.headers(frame, 0))
        .containsExactly(entry("traceparent", "00-ä"), entry("b", ""));
    assertThat(payload(frame)).isEqualTo(PAYLOAD);
    assertThat(Frame.payloadOffset(memory(frame), 0)).isEqualTo(Frame.payloadOffset(frame, 0));
  }

  @Test
  void carriesHeadersKeyAndExpiry() {
    byte[] frame = readyWith(ALL);
    assertCarriesAll(frame);
    assertThat(Frame.kind(frame, 0)).isEqualTo(Frame.READY);
    assertThat(Frame.attempt(frame, 0)).isEqualTo(1);
    assertThat(Frame.submittedSeconds(frame, 0)).isEqualTo(1);
    assertThat(Frame.priority(frame, 0)).isEqualTo(Priority.NORMAL);
  }

  @Test
  void frameWithoutExtrasIsAsLongAsItsPayloadAndHeader() {
    byte[] frame = readyWith(JobOptions.NONE);
    assertThat(frame).hasSize(Frame.HEADER_BYTES + PAYLOAD.length);
    assertThat(Frame.hasExtras(frame, 0)).isFalse();
    assertThat(Extras.headers(frame, 0)).isEmpty();
    assertThat(Extras.key(frame, 0)).isNull();
    assertThat(Extras.expiryMillis(frame, 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(Extras.expiryMillis(memory(frame), 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(payload(frame)).isEqualTo(PAYLOAD);
  }

  @Test
  void eachExtraComesAlone() {
    byte[] keyed = readyWith(JobOptions.key("k"));
    assertThat(Extras.key(keyed, 0)).isEqualTo("k");
    assertThat(Extras.expiryMillis(keyed, 0)).isEqualTo(Long.MAX_VALUE);
    byte[] expiring = readyWith(JobOptions.NONE.expiringAfter(Duration.ofMillis(1)));
    assertThat(Extras.key(expiring, 0)).isNull();
    assertThat(Extras.expiryMillis(expiring, 0)).isEqualTo(1_001);
    byte[] header = readyWith(JobOptions.NONE.header("a", "1"));
    assertThat(Extras.key(header, 0)).isNull();
    assertThat(Extras.headers(header, 0)).containsExactly(entry("a", "1"));
    assertThat(Extras.expiryMillis(header, 0)).isEqualTo(Long.MAX_VALUE);
  }

  /** The dead letter of a job with these options, after three attempts and two crashes. */
  private byte[] deadWith(JobOptions options) {
    byte[] ready = readyWith(options);
    writer.suspect(ready, 0, 2, 2_000);
    writer.dead(frame(), 0, 3, "no", 3_000);
    return frame();
  }

  @Test
  void revivedJobBeginsAnewWithoutItsExpiry() {
    writer.revived(deadWith(ALL), 0, 9_000);
    byte[] frame = frame();
    assertThat(isValid(frame)).isTrue();
    assertThat(Frame.kind(frame, 0)).isEqualTo(Frame.DELAYED);
    assertThat(Frame.attempt(frame, 0)).isEqualTo(1);
    assertThat(Frame.crashes(frame, 0)).isZero();
    assertThat(Frame.time(frame, 0)).isEqualTo(9_000);
    assertThat(Frame.submittedSeconds(frame, 0)).isEqualTo(1);
    assertThat(Frame.id(frame, 0)).isEqualTo(POSITION);
    assertThat(Extras.expiryMillis(frame, 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(Extras.key(frame, 0)).isEqualTo("käy");
    assertThat(Extras.headers(frame, 0))
        .containsExactly(entry("traceparent", "00-ä"), entry("b", ""));
    assertThat(payload(frame)).isEqualTo(PAYLOAD);
  }

  @Test
  void revivedJobThatHadNothingButAnExpiryHasNoExtras() {
    writer.revived(deadWith(JobOptions.NONE.expiringAfter(Duration.ofSeconds(5))), 0, 9_000);
    byte[] frame = frame();
    assertThat(isValid(frame)).isTrue();
    assertThat(frame).hasSize(Frame.HEADER_BYTES + PAYLOAD.length);
    assertThat(payload(frame)).isEqualTo(PAYLOAD);
  }

  @Test
  void revivedJobWithoutExpiryKeepsItsExtras() {
    for (JobOptions options : new JobOptions[] {JobOptions.NONE, JobOptions.key("k")}) {
      int length = readyWith(options).length;
      writer.revived(deadWith(options), 0, 9_000);
      byte[] frame = frame();
      assertThat(isValid(frame)).isTrue();
      assertThat(frame).hasSize(length);
      assertThat(Extras.key(frame, 0)).isEqualTo(options.key());
      assertThat(payload(frame)).isEqualTo(PAYLOAD);
    }
  }

  @Test
  void payloadThatLooksLikeAnEntryIsNone() {
    byte[] looksLikeKey = {2, 1, 'k', 2, 1, 'k'};
    writer.ready(looksLikeKey, Extras.of(JobOptions.NONE.expiringAfter(Duration.ofDays(1)), 0), 0);
    byte[] frame = frame();
    assertThat(Extras.key(frame, 0)).isNull();
    assertThat(Frame.isAside(frame, 0)).isFalse();
    assertThat(Frame.isAside(memory(frame), 0)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Priority.class)
  void copiesKeepPriorityAndExtras(Priority priority) {
    writer.delayed(priority, PAYLOAD, Extras.of(ALL, 1_000), 9_000, 1_000);
    byte[] frame = frame();
    assertThat(Frame.time(frame, 0)).isEqualTo(9_000);
    writer.again(frame, 0, 2, 10_000);
    byte[] again = frame();
    writer.dead(again, 0, 2, "why", 11_000);
    byte[] dead = frame();
    writer.again(dead, 0, 1, 12_000);
    byte[] revived = frame();
    for (byte[] copy : new byte[][] {frame, again, dead, revived}) {
      assertCarriesAll(copy);
      assertThat(Frame.priority(copy, 0)).isEqualTo(priority);
      assertThat(Frame.priority(memory(copy), 0)).isEqualTo(priority);
    }
    assertThat(again).hasSize(frame.length);
    assertThat(revived).hasSize(frame.length);
    assertThat(dead).hasSize(frame.length + 2 + "why".length());
    assertThat(Frame.noteBytes(dead, 0)).isEqualTo(2 + "why".length());
    assertThat(Frame.noteBytes(revived, 0)).isZero();
  }

  @Test
  void suspectCountsCrashesUpToFifteenAndKeepsTheRest() {
    writer.delayed(Priority.LOW, PAYLOAD, Extras.of(ALL, 1_000), 9_000, 1_000);
    byte[] frame = frame();
    assertThat(Frame.crashes(frame, 0)).isZero();
    writer.again(frame, 0, 3, 9_500);
    byte[] third = frame();
    for (int crashes = 0; crashes <= 20; crashes++) {
      writer.suspect(third, 0, crashes, 10_000);
      byte[] suspect = frame();
      assertCarriesAll(suspect);
      assertThat(Frame.crashes(suspect, 0)).isEqualTo(Math.min(crashes, Frame.MAX_CRASHES));
      assertThat(Frame.attempt(suspect, 0)).isEqualTo(3);
      assertThat(Frame.time(suspect, 0)).isEqualTo(10_000);
      assertThat(Frame.kind(suspect, 0)).isEqualTo(Frame.DELAYED);
      assertThat(Frame.priority(suspect, 0)).isEqualTo(Priority.LOW);
      assertThat(suspect).hasSize(frame.length);
      writer.again(suspect, 0, 4, 11_000);
      assertThat(Frame.crashes(frame(), 0)).isEqualTo(Math.min(crashes, Frame.MAX_CRASHES));
    }
  }

  @Test
  void asidesAreDelayedDeadCopiedOrKeyed() {
    assertAside(readyWith(JobOptions.NONE), false);
    assertAside(readyWith(JobOptions.NONE.header("a", "b")), false);
    assertAside(readyWith(ALL), true);
    assertAside(readyWith(JobOptions.key("k")), true);
    writer.delayed(PAYLOAD, 2_000, 1_000);
    byte[] delayed = frame();
    assertAside(delayed, true);
    writer.dead(delayed, 0, 1, "", 3_000);
    assertAside(frame(), true);
    byte[] moved = readyWith(JobOptions.NONE);
    Frame.LONG_BYTES.set(moved, Frame.ID, POSITION - 8);
    assertAside(moved, true);
  }

  private static void assertAside(byte[] frame, boolean expected) {
    assertThat(Frame.isAside(frame, 0)).isEqualTo(expected);
    assertThat(Frame.isAside(memory(frame), 0)).isEqualTo(expected);
  }

  /** The position's bits too, wherever they say that the frame lies. */
  @Test
  void everyBitOfAFrameCounts() {
    byte[] frame = readyWith(ALL);
    for (int bit = 0; bit < frame.length * 8; bit++) {
      frame[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Frame.isValid(frame, 0, frame.length, Frame.position(frame, 0), SEED))
          .as("bit %d", bit)
          .isFalse();
      frame[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(isValid(frame)).isTrue();
  }

  /**
   * Whoever knows the seed can forge checksums: every frame that is believed can be read without
   * leaving it.
   */
  @Test
  void forgedFrameIsRefusedOrCanBeReadWithoutLeavingIt() {
    long seed = Long.getLong("bobbin.seed", new Random().nextLong());
    Random random = new Random(seed);
    int believed = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] frame = forged(random);
      try {
        if (isValid(frame)) {
          believed++;
          readAll(frame);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dbobbin.seed=" + seed + ", frame " + i, e);
      }
    }
    assertThat(believed).as("-Dbobbin.seed=" + seed).isBetween(10_000, 190_000);
  }

  private byte[] forged(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> writer.ready(PAYLOAD, Extras.of(JobOptions.NONE.header("a", "b"), 0), 0);
      case 1 -> writer.dead(readyWith(ALL), 0, 1, "because", 0);
      case 2 -> writer.ready(new byte[random.nextInt(4)], Extras.of(JobOptions.key("k"), 0), 0);
      default -> writer.ready(new byte[random.nextInt(4)], 0);
    }
    byte[] frame = frame();
    if (random.nextInt(3) == 0) {
      frame = Arrays.copyOf(frame, Frame.HEADER_BYTES + random.nextInt(frame.length - 39));
      Frame.INT_BYTES.set(frame, Frame.WORD, frame.length);
    }
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      int from =
          random.nextBoolean() ? Frame.FLAGS : Math.min(Frame.HEADER_BYTES, frame.length - 1);
      frame[from + random.nextInt(Math.min(24, frame.length - from))] = (byte) random.nextInt();
    }
    if (random.nextInt(3) == 0) {
      frame[Frame.FLAGS] |= 3;
    }
    int checksum = Frame.checksum(new CRC32C(), frame, 0, frame.length, SEED);
    Frame.INT_BYTES.set(frame, Frame.CHECKSUM, checksum);
    return frame;
  }

  private static void readAll(byte[] frame) {
    assertThat(Frame.payloadLength(frame, 0)).isBetween(0, frame.length - Frame.HEADER_BYTES);
    assertThat(Frame.payloadOffset(frame, 0) + Frame.payloadLength(frame, 0))
        .isEqualTo(frame.length);
    int front = Frame.payloadOffset(frame, 0);
    // What lies behind the extras cannot be told from them by who reads them: cut it off.
    byte[] cut = Arrays.copyOf(frame, front);
    assertThat(Extras.headers(cut, 0)).isEqualTo(Extras.headers(frame, 0));
    assertThat(Extras.key(cut, 0)).isEqualTo(Extras.key(frame, 0));
    assertThat(Extras.expiryMillis(cut, 0)).isEqualTo(Extras.expiryMillis(memory(cut), 0));
    assertThat(Frame.isAside(cut, 0)).isEqualTo(Frame.isAside(memory(cut), 0));
    assertThat(Frame.priority(cut, 0)).isNotNull();
    assertThat(Frame.crashes(cut, 0)).isBetween(0, Frame.MAX_CRASHES);
    assertThat(Frame.noteBytes(cut, 0)).isLessThanOrEqualTo(front - Frame.HEADER_BYTES);
    FrameWriter copier = new FrameWriter();
    copier.suspect(frame, 0, 1, 0);
    assertThat(copier.length()).isLessThanOrEqualTo(frame.length);
    copier.dead(frame, 0, 1, "", 0);
    assertThat(copier.length()).isLessThanOrEqualTo(frame.length);
  }
}
