package dev.bobbin.internal.ring;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Builds one frame on the heap: where the checksum is computed, and from where it is copied into
 * the ring. Not thread-safe; each producer thread and each worker has its own.
 */
public final class FrameWriter {
  /** An array that grew beyond this for one large job is given back afterwards. */
  private static final int KEPT_BYTES = 64 << 10;

  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[1024];
  private int length;

  /** The job's id, or -1 for the position that the frame is about to get. */
  private long id;

  /** A new, ready job. */
  public void ready(byte[] payload, long nowMillis) {
    begin(Frame.READY, 0, payload, 0, payload.length, nowMillis, -1, 1, nowMillis / 1000);
  }

  /** A new job that is due later. */
  public void delayed(byte[] payload, long dueMillis, long nowMillis) {
    begin(Frame.DELAYED, 0, payload, 0, payload.length, dueMillis, -1, 1, nowMillis / 1000);
  }

  /** The same job as in {@code source} at {@code frame}, once more at {@code dueMillis}. */
  public void again(byte[] source, int frame, int attempt, long dueMillis) {
    copy(Frame.DELAYED, new byte[0], source, frame, attempt, dueMillis);
  }

  /**
   * The same job as in {@code source} at {@code frame}, set aside. An empty reason takes up no
   * room.
   */
  public void dead(byte[] source, int frame, int attempt, String reason, long nowMillis) {
    copy(Frame.DEAD, utf8(reason, Frame.MAX_NOTE_BYTES - 2), source, frame, attempt, nowMillis);
  }

  private void copy(byte kind, byte[] note, byte[] source, int frame, int attempt, long time) {
    begin(
        kind,
        note.length == 0 ? 0 : 2 + note.length,
        source,
        Frame.payloadOffset(source, frame),
        Frame.payloadLength(source, frame),
        time,
        Frame.id(source, frame),
        attempt,
        Frame.submittedSeconds(source, frame));
    if (note.length > 0) {
      Frame.setFlagsForNote(bytes, 0);
      Frame.SHORT_BYTES.set(bytes, Frame.HEADER_BYTES, (short) note.length);
      System.arraycopy(note, 0, bytes, Frame.HEADER_BYTES + 2, note.length);
    }
  }

  private void begin(
      byte kind,
      int noteBytes,
      byte[] payload,
      int payloadOffset,
      int payloadLength,
      long time,
      long id,
      int attempt,
      long submittedSeconds) {
    length = Frame.HEADER_BYTES + noteBytes + payloadLength;
    if (bytes.length < length || (bytes.length > KEPT_BYTES && length <= KEPT_BYTES)) {
      bytes = new byte[Frame.aligned(Math.max(length, 1024))];
    }
    this.id = id;
    // Kind, no flags and the attempt in one store, then the submit time.
    Frame.LONG_BYTES.set(bytes, Frame.TIME, time);
    Frame.LONG_BYTES.set(
        bytes, Frame.KIND, (kind & 0xFFL) | ((attempt & 0xFFFFL) << 16) | (submittedSeconds << 32));
    System.arraycopy(payload, payloadOffset, bytes, Frame.HEADER_BYTES + noteBytes, payloadLength);
  }

  /** Bytes that the frame takes up in the ring. */
  public int alignedLength() {
    return Frame.aligned(length);
  }

  int length() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Puts the position in, and returns the word that publishes the frame. */
  long seal(long position, boolean checksummed, long seed) {
    Frame.LONG_BYTES.set(bytes, Frame.POSITION, position);
    Frame.LONG_BYTES.set(bytes, Frame.ID, id < 0 ? position : id);
    int checksum = checksummed ? Frame.checksum(crc, bytes, 0, length, seed) : 0;
    return (long) checksum << 32 | length;
  }

  /** The text as UTF-8, cut to at most {@code max} bytes between two characters. */
  private static byte[] utf8(String text, int max) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (encoded.length <= max) {
      return encoded;
    }
    int end = max;
    while (end > 0 && (encoded[end] & 0xC0) == 0x80) {
      end--;
    }
    return java.util.Arrays.copyOf(encoded, end);
  }
}
