package dev.bobbin.internal.inspect;

import dev.bobbin.RingVerification;
import dev.bobbin.internal.journal.FileGuard;
import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Storage.StoredFile;
import dev.bobbin.internal.ring.FinishedLog;
import dev.bobbin.internal.ring.InHand;
import dev.bobbin.internal.ring.RingFile;
import dev.bobbin.internal.ring.SettledMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A ring's file that is only read. The parts are null if it has not the size that it should. */
record RingView(RingFile.@Nullable Parts parts, long bytes, long seed) {

  static RingView of(QueueFolder folder) throws IOException {
    Path file = folder.path().resolve(RingFile.NAME);
    // A link to nothing must not pass for a ring that is lost.
    FileGuard.checkFile(file, true);
    if (!Files.isRegularFile(file)) {
      return new RingView(null, 0, folder.seed());
    }
    int ring = folder.ringBytes();
    try (StoredFile open = FileStorage.readOnly(folder.path()).open(RingFile.NAME)) {
      if (open.size() != RingFile.bytes(ring)) {
        return new RingView(null, open.size(), folder.seed());
      }
      RingFile.Parts parts =
          new RingFile.Parts(
              open.map(RingFile.MARK_AT, RingFile.IN_HAND_AT),
              open.map(RingFile.IN_HAND_AT, InHand.bytes(ring)),
              open.map(RingFile.logAt(ring), FinishedLog.bytes(ring)),
              open.map(RingFile.ringAt(ring), ring));
      return new RingView(parts, open.size(), folder.seed());
    }
  }

  RingVerification verification(long jobs) {
    if (parts == null) {
      return new RingVerification(false, bytes, 0, 0, 0, 0);
    }
    long[] counts = new long[2];
    FinishedLog.recover(parts.log(), seed, (from, to) -> counts[0]++);
    InHand.recover(parts.inHand(), (from, to) -> counts[1]++);
    long settled = new SettledMark(parts.mark(), seed).load();
    return new RingVerification(true, bytes, jobs, counts[0], settled, counts[1]);
  }
}
