package dev.bobbin.internal.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loaded batches that wait for a worker, by {@link Lane}. Invariant 9: the loader asks {@link
 * #hasRoom} and so fills no lane beyond its bound; what comes back from workers' hands comes on
 * top, and is bounded by what they may hold. Thread-safe; its monitor is held for a few steps only.
 */
final class Lanes {
  private static final Lane[] ALL = Lane.values();

  /** One queue for each lane. Guarded by this object's monitor. */
  private final List<ArrayDeque<Delivery>> queues = new ArrayList<>();

  private final int bound;

  /**
   * Bit n: lane n holds a batch. Written with the monitor, read without it by idle and busy
   * workers.
   */
  private volatile int occupied;

  Lanes(int bound) {
    this.bound = bound;
    for (int i = 0; i < ALL.length; i++) {
      queues.add(new ArrayDeque<>(0));
    }
  }

  synchronized void add(Lane lane, Delivery delivery) {
    queues.get(lane.index).add(delivery);
    occupied |= lane.bit();
  }

  /** In front of the others: it has waited before. */
  synchronized void putBack(Lane lane, Delivery delivery) {
    queues.get(lane.index).addFirst(delivery);
    occupied |= lane.bit();
  }

  synchronized boolean hasRoom(Lane lane) {
    return queues.get(lane.index).size() < bound;
  }

  /** The first batch of {@code lane}, or as much of it as the worker may have; null if none. */
  synchronized @Nullable Delivery poll(Lane lane, int maxJobs, int maxBytes) {
    ArrayDeque<Delivery> queue = queues.get(lane.index);
    Delivery next = queue.peek();
    if (next == null) {
      return null;
    }
    Delivery taken = next.split(maxJobs, maxBytes);
    if (next.size() == 0) {
      queue.remove();
      if (queue.isEmpty()) {
        occupied &= ~lane.bit();
      }
    }
    return taken;
  }

  boolean holds(Lane lane) {
    return (occupied & lane.bit()) != 0;
  }

  boolean isEmpty() {
    return occupied == 0;
  }

  /**
   * The lane to be asked before the ring, or null. Due jobs and the others take turns: {@code
   * dueLast} says whose turn it was.
   */
  @Nullable Lane beforeRing(boolean dueLast) {
    int now = occupied;
    if (now == 0) {
      return null;
    }
    for (Lane lane : ALL) {
      boolean passed = lane == Lane.LOW || (lane == Lane.DUE && dueLast);
      if (!passed && (now & lane.bit()) != 0) {
        return lane;
      }
    }
    return null;
  }

  /** The lane to be asked when the ring is empty, or null. */
  @Nullable Lane afterRing() {
    int now = occupied;
    return now == 0 ? null : ALL[Integer.numberOfTrailingZeros(now)];
  }

  /** Since when the first job of any lane has been ready, or {@link Long#MAX_VALUE}. */
  synchronized long oldestMillis() {
    long oldest = Long.MAX_VALUE;
    for (ArrayDeque<Delivery> queue : queues) {
      Delivery first = queue.peek();
      if (first != null) {
        oldest = Math.min(oldest, first.readyMillis());
      }
    }
    return oldest;
  }

  /** Jobs in all lanes. */
  synchronized long jobs() {
    long jobs = 0;
    for (ArrayDeque<Delivery> queue : queues) {
      for (Delivery delivery : queue) {
        jobs += delivery.size();
      }
    }
    return jobs;
  }
}
