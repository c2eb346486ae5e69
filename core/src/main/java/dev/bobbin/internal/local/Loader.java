package dev.bobbin.internal.local;

import dev.bobbin.Priority;
import dev.bobbin.internal.delay.Delays;
import dev.bobbin.internal.journal.Readback;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.work.Delivery;
import dev.bobbin.internal.work.Desk;
import dev.bobbin.internal.work.Lane;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Brings jobs that are not in the ring to the workers: delayed jobs when they are due, in order of
 * due time, and the {@link Backlog}, in order and in whole blocks. It stops when enough is loaded,
 * so memory stays bounded however much there is. Owned by the timer thread.
 */
final class Loader {
  private static final int BATCH_JOBS = 256;

  /** Jobs that are taken from the wheel at once. */
  private static final int AT_ONCE = 16;

  /** The highest first. */
  private static final Priority[] PRIORITIES = Priority.values();

  private final Desk desk;
  private final Delays delays;
  private final Backlog backlog;
  private final Frames frames;
  private final @Nullable Readback journal;
  private final long[] positions = new long[AT_ONCE];

  /** Whether loading stopped because enough is loaded. Read by workers. */
  private volatile boolean starved;

  Loader(Desk desk, Delays delays, Backlog backlog, Frames frames, @Nullable Readback journal) {
    this.desk = desk;
    this.delays = delays;
    this.backlog = backlog;
    this.frames = frames;
    this.journal = journal;
  }

  /** Loads what workers have room for; returns when to come back, in milliseconds since 1970. */
  long load(long nowMillis) throws IOException {
    starved = false;
    long next = Long.MAX_VALUE;
    boolean all = true;
    for (Priority priority : PRIORITIES) {
      if (loadDue(priority, nowMillis)) {
        next = Math.min(next, delays.nextDueMillis(priority));
      } else {
        all = false;
      }
    }
    // Last: reading blocks takes longer than what is due may wait.
    all &= loadBacklog();
    if (all) {
      return next;
    }
    starved = true;
    // A worker that took a batch before it saw the flag does not wake this thread: look once more.
    return hasRoomAgain(nowMillis) ? nowMillis : next;
  }

  private boolean hasRoomAgain(long nowMillis) {
    boolean room = desk.hasRoom(Lane.BACKLOG) && backlog.jobs() > 0;
    for (Priority priority : PRIORITIES) {
      room |= desk.hasRoom(Lane.of(priority)) && delays.nextDueMillis(priority) <= nowMillis;
    }
    return room;
  }

  boolean isStarved() {
    return starved;
  }

  /** Returns whether nothing more of this priority is due; a full lane holds up no other. */
  private boolean loadDue(Priority priority, long nowMillis) throws IOException {
    Lane lane = Lane.of(priority);
    while (desk.hasRoom(lane)) {
      Delivery delivery = nextDue(priority, nowMillis);
      if (delivery == null) {
        return true;
      }
      desk.offer(lane, delivery);
    }
    return delays.nextDueMillis(priority) > nowMillis;
  }

  private @Nullable Delivery nextDue(Priority priority, long nowMillis) throws IOException {
    int expired = 0;
    Delivery delivery = null;
    int bytes = 0;
    while (bytes < desk.batchBytes() && expired < BATCH_JOBS) {
      // A few at a time: each is loaded at once, and a large job must not have many others follow.
      int more = bytes == 0 ? 1 : Math.min(BATCH_JOBS - expired, AT_ONCE);
      int[] count = {0};
      delays.expire(priority, nowMillis, more, (due, position) -> positions[count[0]++] = position);
      if (count[0] == 0) {
        break;
      }
      if (delivery == null) {
        delivery = new Delivery(16 << 10, BATCH_JOBS);
      }
      frames.read(positions, count[0], delivery::add);
      expired += count[0];
      bytes = delivery.bytesAdded();
    }
    return delivery;
  }

  /** Returns whether nothing more is left in the journal. */
  private boolean loadBacklog() throws IOException {
    while (backlog.jobs() > 0) {
      if (!desk.hasRoom(Lane.BACKLOG)) {
        return false;
      }
      loadBlock(java.util.Objects.requireNonNull(journal));
    }
    return true;
  }

  private void loadBlock(Readback from) throws IOException {
    long first = backlog.first();
    Readback.Body body = from.from(first);
    if (body == null) {
      throw new IllegalStateException(
          backlog.jobs() + " jobs from position " + first + " on are nowhere in the journal");
    }
    PositionRanges wanted = backlog.within(first, body.end());
    Delivery delivery = Delivery.over(body.bytes(), BATCH_JOBS);
    byte[] bytes = body.bytes();
    for (int offset = 0; offset < bytes.length; ) {
      int next = FrameBodies.next(bytes, offset);
      long position = Frame.position(bytes, offset);
      boolean unfinished = !body.finished().contains(position);
      if (unfinished && Frame.kind(bytes, offset) == Frame.READY && wanted.contains(position)) {
        delivery.addInPlace(offset);
      }
      offset = next;
    }
    int jobs = delivery.size();
    if (jobs > 0) {
      desk.offer(Lane.BACKLOG, delivery);
    }
    // Offered first: for a moment a job may count twice, but never not at all.
    backlog.taken(body.end(), jobs);
  }
}
