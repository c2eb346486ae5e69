package dev.bobbin.torture.kill;

import static dev.bobbin.torture.kill.Failpoint.Phase.CLOSING;
import static dev.bobbin.torture.kill.Failpoint.Phase.CREATING;
import static dev.bobbin.torture.kill.Failpoint.Phase.OPENING;
import static dev.bobbin.torture.kill.Failpoint.Phase.RUNNING;

import dev.bobbin.torture.Overlay;
import java.io.IOException;
import java.nio.file.Path;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * The places between two steps at which a process is killed, by name. Each is the beginning of a
 * method of the core, or its return; the method is changed in the child alone.
 */
enum Failpoint {
  /** A producer has its place in the ring and has not written to it. */
  CLAIM(RUNNING, "ring.Ring", "write", Side.ENTER, 20_000),
  /** The job's bytes are in the ring, its length is not; or an entry of the finished log is so. */
  PUBLISH(RUNNING, "ring.Frame", "publish", Side.ENTER, 20_000),
  /** The job can be seen, submit has not returned. */
  PUBLISHED(RUNNING, "ring.Ring", "write", Side.RETURN, 20_000),
  /** A worker has taken a batch and has not written down that it has. */
  TAKE(RUNNING, "ring.Ring", "claim", Side.RETURN, 1_000),
  /** It has written that down, and the handler has not begun. */
  TAKEN(RUNNING, "ring.InHand$Slot", "hold", Side.RETURN, 200),
  /** A retry or a dead letter is in the ring, its original is not reported as finished. */
  COPIED(RUNNING, "ring.Ring", "appendReserved", Side.RETURN, 500),
  /** Outcomes are known and not reported. */
  FINISH(RUNNING, "ring.Window", "finish", Side.ENTER, 1_000),
  /** They are reported. */
  FINISHED(RUNNING, "ring.FinishedLog", "offer", Side.RETURN, 1_000),
  /** Space is about to be given back to producers. */
  SETTLE(RUNNING, "ring.Window", "settle", Side.RETURN, 300),
  /** The mark of what is settled is about to be written. */
  MARK(RUNNING, "ring.SettledMark", "store", Side.ENTER, 200),

  CYCLE_DRAINED(RUNNING, "local.FlushCycle", "drain", Side.RETURN, 20),
  CYCLE_END_TAKEN(RUNNING, "local.FlushCycle", "takeEnd", Side.RETURN, 20),
  CYCLE_APPENDED(RUNNING, "journal.Journal", "appendJobs", Side.RETURN, 20),
  CYCLE_BEFORE_ACKS(RUNNING, "journal.Journal", "appendFinished", Side.ENTER, 20),
  CYCLE_AFTER_ACKS(RUNNING, "journal.Journal", "appendFinished", Side.RETURN, 20),
  CYCLE_BEFORE_FORCE(RUNNING, "journal.Journal", "force", Side.ENTER, 20),
  CYCLE_FORCED(RUNNING, "journal.Segments", "force", Side.RETURN, 20),
  CYCLE_COMPLETE(RUNNING, "local.FlushCycle", "complete", Side.RETURN, 20),
  /** Jobs that the journal has leave the ring unread. */
  SPILL(RUNNING, "ring.Window", "pass", Side.RETURN, 20),

  ROLL(RUNNING, "journal.Segments", "roll", Side.ENTER, 3),
  ROLLED(RUNNING, "journal.Segments", "roll", Side.RETURN, 3),
  NEW_SEGMENT(RUNNING, "journal.FileStorage", "create", Side.ENTER, 2),
  NEW_SEGMENT_IN_PLACE(RUNNING, "journal.FileStorage", "create", Side.RETURN, 2),

  /** Segments are about to be freed, or are. */
  RECLAIM(RUNNING, "journal.Segments", "free", Side.ENTER, 20),
  RECLAIMED(RUNNING, "journal.Segments", "free", Side.RETURN, 20),
  COPY_FORWARD(RUNNING, "journal.Journal", "move", Side.ENTER, 2),
  COPIED_FORWARD(RUNNING, "journal.Journal", "move", Side.RETURN, 2),
  DELETE(RUNNING, "journal.FileStorage", "delete", Side.ENTER, 1),

  CREATE_FOLDER(CREATING, "journal.FileStorage", "createFolder", Side.RETURN, 4),
  CREATE_FILE(CREATING, "journal.FileStorage", "create", Side.ENTER, 6),
  CREATE_IN_PLACE(CREATING, "journal.FileStorage", "forceFolder", Side.ENTER, 8),
  CREATED(CREATING, "local.QueueFiles", "open", Side.RETURN, 1),

  RECOVERY_FILES_OPEN(OPENING, "local.QueueFiles", "open", Side.RETURN, 1),
  RECOVERY_SCANNED(OPENING, "journal.JournalReader", "open", Side.RETURN, 1),
  RECOVERY_TAIL(OPENING, "recovery.Recovery", "journalTail", Side.ENTER, 1),
  RECOVERY_TAIL_APPENDED(OPENING, "recovery.FrameAppender", "finish", Side.RETURN, 1),
  RECOVERY_TAIL_FORCED(OPENING, "recovery.Recovery", "journalTail", Side.RETURN, 1),
  RECOVERY_SUPERSEDED(OPENING, "recovery.Recovery", "settleSuperseded", Side.RETURN, 1),
  RECOVERY_SUSPECT(OPENING, "recovery.Suspects", "copy", Side.ENTER, 5),
  RECOVERY_SUSPECTS(OPENING, "recovery.Suspects", "replace", Side.RETURN, 1),
  RECOVERY_BEFORE_RESET(OPENING, "ring.RingFile$Parts", "reset", Side.ENTER, 1),
  RECOVERY_RESET(OPENING, "ring.RingFile$Parts", "reset", Side.RETURN, 1),
  RECOVERY_COUNT(OPENING, "recovery.Recovery", "count", Side.ENTER, 1),

  CLOSE(CLOSING, "local.LifeCycle", "begin", Side.RETURN, 1),
  CLOSE_WORKERS_GONE(CLOSING, "local.LifeCycle", "end", Side.ENTER, 1),
  CLOSE_BEFORE_MARK(CLOSING, "journal.Journal", "appendClosed", Side.ENTER, 1),
  CLOSE_MARKED(CLOSING, "journal.Journal", "appendClosed", Side.RETURN, 1),
  CLOSED(CLOSING, "local.Root", "close", Side.ENTER, 1);

  /** The child's exit code when it has ended itself there. */
  static final int EXIT_HALTED = 11;

  /** What the child must be doing to come there. */
  enum Phase {
    /** Opening a new directory. */
    CREATING,
    OPENING,
    RUNNING,
    CLOSING
  }

  private enum Side {
    ENTER(Trap.Enter.class),
    RETURN(Trap.Return.class);

    private final Class<?> advice;

    Side(Class<?> advice) {
      this.advice = advice;
    }
  }

  final Phase phase;

  /** The hit that is chosen is one of the first so many. */
  final int hits;

  private final String className;
  private final String method;
  private final Side side;

  Failpoint(Phase phase, String className, String method, Side side, int hits) {
    this.phase = phase;
    this.className = className;
    this.method = method;
    this.side = side;
    this.hits = hits;
  }

  boolean isReachedOpening() {
    return phase == CREATING || phase == OPENING;
  }

  /** Writes the changed class into a folder of its own in {@code root}. */
  Path weave(Path root) throws IOException {
    ElementMatcher.Junction<MethodDescription> methods =
        ElementMatchers.<MethodDescription>named(method)
            .and(ElementMatchers.not(ElementMatchers.isAbstract()));
    Overlay overlay = new Overlay(root.resolve(name()));
    overlay.change(className, methods, Advice.to(side.advice).on(methods));
    return overlay.folder();
  }
}
