package dev.bobbin.internal.ring;

import dev.bobbin.Priority;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Builds one frame on the heap: where the checksum is computed, and from where it is copied into
 * the ring. Not thread-safe; each producer thread and each worker has its own.
 */
public final class FrameWriter {
  /** An array that grew beyond this for one large job is given back afterwards. */
  private static final int KEPT_BYTES = 64 << 10;

  private static final byte[] NO_NOTE = new byte[0];

  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[1024];
  private int length;

  /** The job's id, or -1 for the position that the frame is about to get. */
  private long id;

  // Where this producer counts what it adds; see Tally.
  private @Nullable Tally tally;
  private Tally.@Nullable Seat seat;
  private int inARow;

  /** A new, ready job. */
  public void ready(byte[] payload, long nowMillis) {
    begin(Frame.HEADER_BYTES + payload.length, -1);
    header(Frame.READY, 0, 1, nowMillis, nowMillis / 1000);
    System.arraycopy(payload, 0, bytes, Frame.HEADER_BYTES, payload.length);
  }

  /**
   * A new, ready job of normal priority that carries {@code extras}, a section of {@link Extras}.
   */
  public void ready(byte[] payload, byte[] extras, long nowMillis) {
    created(Frame.READY, Priority.NORMAL, payload, extras, nowMillis, nowMillis);
  }

  /**
   * A job that came from elsewhere, as delivery number {@code attempt}.
   *
   * @param extras with its identity
   * @param time as {@link Frame} has it for this kind
   */
  public void arrived(
      byte kind,
      Priority priority,
      byte[] payload,
      byte[] extras,
      int attempt,
      long submittedMillis,
      long time) {
    arrived(kind, priority, "", payload, extras, attempt, submittedMillis, time);
  }

  /** As above, with the reason of a dead letter. */
  public void arrived(
      byte kind,
      Priority priority,
      String reason,
      byte[] payload,
      byte[] extras,
      int attempt,
      long submittedMillis,
      long time) {
    byte[] note = utf8(reason, Frame.MAX_NOTE_BYTES - 2);
    int noteBytes = note.length == 0 ? 0 : 2 + note.length;
    begin(Frame.HEADER_BYTES + noteBytes + extras.length + payload.length, -1);
    int flags = Frame.flags(priority, extras.length > 0) | (noteBytes == 0 ? 0 : Frame.NOTE_FLAG);
    header(kind, flags, attempt, time, submittedMillis / 1000);
    if (noteBytes > 0) {
      note(note);
    }
    int at = Frame.HEADER_BYTES + noteBytes;
    System.arraycopy(extras, 0, bytes, at, extras.length);
    System.arraycopy(payload, 0, bytes, at + extras.length, payload.length);
  }

  private void note(byte[] note) {
    Frame.SHORT_BYTES.set(bytes, Frame.HEADER_BYTES, (short) note.length);
    System.arraycopy(note, 0, bytes, Frame.HEADER_BYTES + 2, note.length);
  }

  /** A new job that is due later. */
  public void delayed(byte[] payload, long dueMillis, long nowMillis) {
    delayed(Priority.NORMAL, payload, Extras.NONE, dueMillis, nowMillis);
  }

  /** A new job that does not go the ready jobs' way: due later, or of another priority. */
  public void delayed(
      Priority priority, byte[] payload, byte[] extras, long dueMillis, long nowMillis) {
    created(Frame.DELAYED, priority, payload, extras, dueMillis, nowMillis);
  }

  /** The same job as in {@code source} at {@code frame}, once more at {@code dueMillis}. */
  public void again(byte[] source, int frame, int attempt, long dueMillis) {
    copy(Frame.DELAYED, Frame.flags(source, frame), NO_NOTE, source, frame, attempt, dueMillis);
  }

  /**
   * The same delivery of the same job as in {@code source} at {@code frame}, once more at {@code
   * dueMillis}, because the process ended while the job was in hand: the {@code crashes}th time, of
   * which {@link Frame#MAX_CRASHES} are counted.
   */
  public void suspect(byte[] source, int frame, int crashes, long dueMillis) {
    int flags = Frame.withCrashes(Frame.flags(source, frame), crashes);
    int attempt = Frame.attempt(source, frame);
    copy(Frame.DELAYED, flags, NO_NOTE, source, frame, attempt, dueMillis);
  }

  /**
   * The job of the dead letter in {@code source} at {@code frame}, which begins anew at {@code
   * dueMillis}: first attempt, no crashes, and no expiry, which may be what it died of.
   */
  public void revived(byte[] source, int frame, long dueMillis) {
    int flags = Frame.withCrashes(Frame.flags(source, frame), 0);
    copy(Frame.DELAYED, flags, NO_NOTE, source, frame, 1, dueMillis);
    length -= Extras.removeExpiry(bytes, length);
  }

  /**
   * The same job as in {@code source} at {@code frame}, set aside. An empty reason takes up no
   * room.
   */
  public void dead(byte[] source, int frame, int attempt, String reason, long nowMillis) {
    byte[] note = utf8(reason, Frame.MAX_NOTE_BYTES - 2);
    copy(Frame.DEAD, Frame.flags(source, frame), note, source, frame, attempt, nowMillis);
  }

  private void created(
      byte kind, Priority priority, byte[] payload, byte[] extras, long time, long nowMillis) {
    begin(Frame.HEADER_BYTES + extras.length + payload.length, -1);
    header(kind, Frame.flags(priority, extras.length > 0), 1, time, nowMillis / 1000);
    System.arraycopy(extras, 0, bytes, Frame.HEADER_BYTES, extras.length);
    System.arraycopy(payload, 0, bytes, Frame.HEADER_BYTES + extras.length, payload.length);
  }

  /** Takes over what lies behind the note: extras and payload, byte for byte. */
  private void copy(
      byte kind, int flags, byte[] note, byte[] source, int frame, int attempt, long time) {
    int from = frame + Frame.HEADER_BYTES + Frame.noteBytes(source, frame);
    int carried = frame + Frame.length(source, frame) - from;
    int noteBytes = note.length == 0 ? 0 : 2 + note.length;
    begin(Frame.HEADER_BYTES + noteBytes + carried, Frame.id(source, frame));
    int noted = (flags & ~Frame.NOTE_FLAG) | (noteBytes == 0 ? 0 : Frame.NOTE_FLAG);
    header(kind, noted, attempt, time, Frame.submittedSeconds(source, frame));
    if (noteBytes > 0) {
      note(note);
    }
    System.arraycopy(source, from, bytes, Frame.HEADER_BYTES + noteBytes, carried);
  }

  private void begin(int frameLength, long jobId) {
    length = frameLength;
    id = jobId;
    if (bytes.length < length || (bytes.length > KEPT_BYTES && length <= KEPT_BYTES)) {
      bytes = new byte[Frame.aligned(Math.max(length, 1024))];
    }
  }

  private void header(byte kind, int flags, int attempt, long time, long submittedSeconds) {
    Frame.LONG_BYTES.set(bytes, Frame.TIME, time);
    // Kind, flags, attempt and submit time in one store.
    long rest = (kind & 0xFFL) | (flags & 0xFFL) << 8 | (attempt & 0xFFFFL) << 16;
    Frame.LONG_BYTES.set(bytes, Frame.KIND, rest | submittedSeconds << 32);
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

  /** The whole, aligned frame as it lies at {@code position}, for those that write a journal. */
  public byte[] sealed(long position, long seed) {
    Frame.LONG_BYTES.set(bytes, Frame.WORD, seal(position, true, seed));
    return java.util.Arrays.copyOf(java.util.Arrays.copyOf(bytes, length), Frame.aligned(length));
  }

  /**
   * The frame as it lies at {@code position}, without a checksum: it never comes from a disk. In
   * this writer's own array, until the next frame is begun.
   */
  public byte[] placed(long position) {
    Frame.LONG_BYTES.set(bytes, Frame.WORD, seal(position, false, 0));
    return bytes;
  }

  /** Counts one job in {@code into}. */
  void countIn(Tally into) {
    Tally.Seat mine = seat;
    if (into == tally && mine != null) {
      mine.count();
    } else {
      countStanding(into);
    }
  }

  private void countStanding(Tally into) {
    if (into != tally) {
      if (tally != null && seat != null) {
        tally.leave(seat);
      }
      tally = into;
      seat = null;
      inARow = 0;
    }
    into.countShared();
    if (++inARow == Tally.JOBS_BEFORE_SEAT) {
      inARow = 0;
      seat = into.sit();
    }
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
