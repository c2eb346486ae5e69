package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What goes into a frame that came from elsewhere or died, and what the writer keeps. */
class FrameWriterTest {
  private static final long SEED = 77;
  private static final long POSITION = 4096;
  private static final int KEPT_BYTES = 64 << 10;
  private static final byte[] PAYLOAD = bytes("payload");
  private static final byte[] NONE = {};

  private final FrameWriter writer = new FrameWriter();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String payload(byte[] frame) {
    return text(frame, Frame.payloadOffset(frame, 0), Frame.payloadLength(frame, 0));
  }

  private static String note(byte[] frame) {
    return text(frame, Frame.HEADER_BYTES + 2, Frame.noteBytes(frame, 0) - 2);
  }

  private static String text(byte[] frame, int from, int length) {
    return new String(frame, from, length, StandardCharsets.UTF_8);
  }

  private byte[] sealed() {
    byte[] frame = writer.sealed(POSITION, SEED);
    assertThat(frame).hasSize(writer.alignedLength());
    assertThat(Frame.isValid(frame, 0, frame.length, POSITION, SEED)).isTrue();
    return frame;
  }

  // Jobs that came from elsewhere.

  @Test
  void jobThatArrivedKeepsItsIdentityAttemptAndTimes() {
    JobId id = new JobId(1, 2);
    byte[] extras = Extras.of(JobOptions.key("k").header("a", "b"), 0, id);
    writer.arrived(Frame.DELAYED, Priority.HIGH, PAYLOAD, extras, 7, 5_999, 9_000);
    byte[] frame = sealed();
    assertThat(Frame.kind(frame, 0)).isEqualTo(Frame.DELAYED);
    assertThat(Frame.priority(frame, 0)).isEqualTo(Priority.HIGH);
    assertThat(Frame.jobId(frame, 0, SEED)).isEqualTo(id);
    assertThat(Frame.attempt(frame, 0)).isEqualTo(7);
    assertThat(Frame.submittedSeconds(frame, 0)).isEqualTo(5);
    assertThat(Frame.time(frame, 0)).isEqualTo(9_000);
    assertThat(Frame.noteBytes(frame, 0)).isZero();
    assertThat(Extras.key(frame, 0)).isEqualTo("k");
    assertThat(payload(frame)).isEqualTo("payload");
  }

  @Test
  void deadLetterThatArrivedCarriesReasonExtrasAndPayload() {
    byte[] extras = Extras.of(JobOptions.key("k"), 0);
    writer.arrived(Frame.DEAD, Priority.LOW, "no such t\u00e4ble", PAYLOAD, extras, 3, 0, 9_000);
    byte[] frame = sealed();
    assertThat(Frame.kind(frame, 0)).isEqualTo(Frame.DEAD);
    assertThat(Frame.priority(frame, 0)).isEqualTo(Priority.LOW);
    assertThat(note(frame)).isEqualTo("no such t\u00e4ble");
    assertThat(Extras.key(frame, 0)).isEqualTo("k");
    assertThat(payload(frame)).isEqualTo("payload");
  }

  @Test
  void jobThatArrivedWithNothingElseIsHeaderAndPayload() {
    writer.arrived(Frame.READY, Priority.NORMAL, "", PAYLOAD, NONE, 1, 0, 0);
    byte[] frame = sealed();
    assertThat(Frame.length(frame, 0)).isEqualTo(Frame.HEADER_BYTES + PAYLOAD.length);
    assertThat(Frame.hasExtras(frame, 0)).isFalse();
    assertThat(Frame.isAside(frame, 0)).isFalse();
    assertThat(payload(frame)).isEqualTo("payload");
  }

  // Dead letters.

  private byte[] deadOf(String reason) {
    writer.ready(PAYLOAD, 0);
    writer.dead(sealed(), 0, 1, reason, 0);
    return sealed();
  }

  @Test
  void reasonIsReadBackAsItWasGiven() {
    assertThat(note(deadOf("t\u00e4ble gone"))).isEqualTo("t\u00e4ble gone");
    assertThat(payload(deadOf("t\u00e4ble gone"))).isEqualTo("payload");
  }

  @Test
  void reasonIsCutOnlyWhenItIsTooLong() {
    int max = Frame.MAX_NOTE_BYTES - 2;
    assertThat(note(deadOf("x".repeat(max - 1)))).hasSize(max - 1);
    assertThat(note(deadOf("x".repeat(max)))).hasSize(max);
    assertThat(note(deadOf("x".repeat(max + 1)))).isEqualTo("x".repeat(max));
    assertThat(note(deadOf("x".repeat(max - 1) + "\u00e4"))).isEqualTo("x".repeat(max - 1));
  }

  @Test
  void secondDeathReplacesTheReasonOfTheFirst() {
    writer.dead(deadOf("first"), 0, 2, "second time", 0);
    byte[] frame = sealed();
    assertThat(note(frame)).isEqualTo("second time");
    assertThat(payload(frame)).isEqualTo("payload");
  }

  // Positions and ids.

  /** The very first job of a queue: its number is zero, which is a number as any other. */
  @Test
  void retryOfJobZeroKeepsItsId() {
    writer.ready(PAYLOAD, 0);
    writer.again(writer.sealed(0, SEED), 0, 2, 0);
    assertThat(Frame.id(sealed(), 0)).isZero();
  }

  @Test
  void placedFrameIsTheSealedOneWithoutItsChecksum() {
    writer.ready(PAYLOAD, 5_000);
    byte[] placed = writer.placed(POSITION);
    assertThat((int) Frame.INT_BYTES.get(placed, Frame.CHECKSUM)).isZero();
    assertThat(Frame.length(placed, 0)).isEqualTo(Frame.HEADER_BYTES + PAYLOAD.length);
    assertThat(Frame.position(placed, 0)).isEqualTo(POSITION);
    assertThat(Frame.id(placed, 0)).isEqualTo(POSITION);
    assertThat(payload(placed)).isEqualTo("payload");
  }

  // The writer's array.

  private byte[] arrayFor(int frameBytes) {
    writer.ready(new byte[frameBytes - Frame.HEADER_BYTES], 0);
    return writer.bytes();
  }

  @Test
  void arrayIsUsedAgainWhileFramesFit() {
    byte[] small = arrayFor(100);
    assertThat(arrayFor(1024)).isSameAs(small);
    byte[] kept = arrayFor(KEPT_BYTES);
    assertThat(arrayFor(KEPT_BYTES)).isSameAs(kept);
    assertThat(arrayFor(100)).isSameAs(kept);
    byte[] large = arrayFor(KEPT_BYTES + 8);
    assertThat(arrayFor(KEPT_BYTES + 1)).as("one large job after another").isSameAs(large);
  }

  @Test
  void arrayOfALargeJobIsGivenBack() {
    arrayFor(10 * KEPT_BYTES);
    assertThat(arrayFor(KEPT_BYTES)).hasSize(KEPT_BYTES);
    arrayFor(10 * KEPT_BYTES);
    assertThat(arrayFor(100)).hasSize(1024);
  }
}
