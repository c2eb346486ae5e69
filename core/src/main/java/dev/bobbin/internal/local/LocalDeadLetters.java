package dev.bobbin.internal.local;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobId;
import dev.bobbin.internal.ring.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads dead letters where they lie, on the I/O thread. */
record LocalDeadLetters(QueueCore core, IoThread io) implements DeadLetters {
  private static final int MAX_LIST = 100_000;

  @Override
  public long count() {
    return core.dead.size();
  }

  @Override
  public List<DeadLetter> list(int max) {
    if (max < 1 || max > MAX_LIST) {
      throw new IllegalArgumentException("max must be from 1 to " + MAX_LIST + ", found " + max);
    }
    return io.call(
        () -> {
          List<DeadLetter> letters = new ArrayList<>();
          for (long position : core.dead.first(max)) {
            letters.add(letter(core.frame(position)));
          }
          return letters;
        });
  }

  private DeadLetter letter(byte[] frame) {
    int note = Frame.noteBytes(frame, 0);
    String reason =
        note == 0
            ? ""
            : new String(frame, Frame.HEADER_BYTES + 2, note - 2, StandardCharsets.UTF_8);
    int payload = Frame.payloadOffset(frame, 0);
    return new DeadLetter(
        new JobId(core.id, Frame.id(frame, 0)),
        Frame.attempt(frame, 0),
        Instant.ofEpochSecond(Frame.submittedSeconds(frame, 0)),
        Instant.ofEpochMilli(Frame.time(frame, 0)),
        reason,
        Arrays.copyOfRange(frame, payload, payload + Frame.payloadLength(frame, 0)));
  }
}
