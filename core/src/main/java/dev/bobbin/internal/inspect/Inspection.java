package dev.bobbin.internal.inspect;

import dev.bobbin.CorruptionException;
import dev.bobbin.Damage;
import dev.bobbin.LostBytes;
import dev.bobbin.MaintenanceListener;
import dev.bobbin.QueueVerification;
import dev.bobbin.RingVerification;
import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Flaw;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.journal.JournalScan;
import dev.bobbin.internal.journal.StoredBlock;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.recovery.FrameBodies.FrameVisitor;
import dev.bobbin.internal.recovery.Recovery;
import dev.bobbin.internal.recovery.RingTail;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One look at everything in one queue; changes nothing. */
public final class Inspection {
  private final QueueFolder folder;
  private final JournalScan scan;
  private final Survey survey;
  private final Newest newest = new Newest();
  private final QueueVerification result;

  /** What the journal must reach. */
  private final long promisedEnd;

  private long liveBytes;
  private long frames;

  private Inspection(QueueFolder folder, JournalScan scan, MaintenanceListener listener)
      throws IOException {
    this.folder = folder;
    this.scan = scan;
    long all = scan.blocks().stream().mapToLong(StoredBlock::bytes).sum();
    LongConsumer progress = done -> listener.progress(folder.name(), done, all);
    this.survey = new Survey(scan, folder.seed(), folder.largestFrame(), progress);
    survey.forEachLive(
        (bytes, offset, position) -> {
          newest.add(bytes, offset, position);
          liveBytes += Frame.aligned(Frame.length(bytes, offset));
          frames++;
        });
    RingView view = RingView.of(folder);
    this.promisedEnd = view.parts() == null ? 0 : Recovery.promisedEnd(view.parts(), folder.seed());
    RingVerification ring = ring(view);
    String refusal = refusal();
    List<Damage> damages = new ArrayList<>(survey.flaws().stream().map(this::damage).toList());
    if (damages.isEmpty() && refusal != null) {
      damages.add(new Damage(folder.path(), 0, "files that the queue can be opened with", refusal));
    }
    this.result =
        new QueueVerification(
            folder.name(),
            scan.segments().size(),
            scan.spares(),
            scan.blocks().size(),
            newest.ready(),
            newest.delayed(),
            newest.dead(),
            liveBytes,
            all - liveBytes,
            scan.tornBytes(),
            closed(),
            ring,
            damages);
  }

  /** Looks at the queue whose journal {@code scan} reads. */
  public static Inspection of(QueueFolder folder, JournalScan scan, MaintenanceListener listener)
      throws IOException {
    return new Inspection(folder, scan, listener);
  }

  /** Opens a queue's journal to be read only. */
  public static JournalScan scan(QueueFolder folder) throws IOException {
    return JournalScan.of(
        FileStorage.readOnly(folder.path()), folder.seed(), folder.segmentBytes());
  }

  private Damage damage(Flaw flaw) {
    return new Damage(
        folder.path().resolve(flaw.file()), flaw.offset(), flaw.expected(), flaw.found());
  }

  /** What opening the queue would say against it, or null. */
  private @Nullable String refusal() {
    try {
      new JournalReader(
              FileStorage.readOnly(folder.path()),
              folder.seed(),
              folder.segmentBytes(),
              folder.largestFrame(),
              new FrameBodies(folder.seed()),
              ByteBuffer::allocate)
          .check(promisedEnd);
      return null;
    } catch (CorruptionException | IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Counts what the ring adds, and takes back the first frames of jobs that have a newer one. */
  private RingVerification ring(RingView view) throws IOException {
    if (closed() || view.parts() == null) {
      takeBackOriginals(null);
      return view.verification(0);
    }
    RingTail tail = new RingTail(view.parts(), folder.seed(), scan.journaledEnd());
    for (int i = 0; i < tail.size(); i++) {
      newest.add(tail.frame(i), 0, tail.position(i));
    }
    takeBackOriginals(tail);
    return view.verification(tail.size());
  }

  private void takeBackOriginals(@Nullable RingTail tail) throws IOException {
    FrameVisitor takeBack =
        (bytes, offset, position) -> {
          if (Frame.id(bytes, offset) == position && newest.hasCopy(position)) {
            newest.takeBack(Frame.kind(bytes, offset));
          }
        };
    survey.look(newest.copied(), takeBack);
    for (int i = 0; tail != null && i < tail.size(); i++) {
      takeBack.frame(tail.frame(i), 0, tail.position(i));
    }
  }

  /** What was found. */
  public QueueVerification result() {
    return result;
  }

  /** Where nothing could be saved. */
  public List<LostBytes> lost() {
    return survey.lost().stream()
        .map(l -> new LostBytes(folder.path().resolve(l.file()), l.offset(), l.bytes()))
        .toList();
  }

  /** Blocks of acks that are damaged. */
  public long lostAckBlocks() {
    return survey.lostAckBlocks();
  }

  /** Whether the queue was closed in order: not if what came last is missing. */
  boolean closed() {
    return scan.closed() && scan.journaledEnd() >= promisedEnd;
  }

  /** Where the journal ends, or would end if its newest segments were there. */
  long end() {
    return Math.max(scan.journaledEnd(), promisedEnd);
  }

  /** How many frames of the journal are live. */
  long frames() {
    return frames;
  }

  /** Visits every unfinished job of the journal once more, in order. */
  void forEachLive(FrameVisitor visitor) throws IOException {
    survey.forEachLive(visitor);
  }
}
