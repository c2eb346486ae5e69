package dev.bobbin.kafka;

import dev.bobbin.internal.local.Dispatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The fetchers of one queue. Two are enough while jobs take little time: one waits for the broker
 * while the other's jobs are worked on. A fetcher can fetch nothing new while one of its jobs is in
 * hand, so when all are held up that way and somebody waits for work, another one is started, and
 * those that are not needed any more end. Thread-safe.
 */
final class Fetchers {
  private static final int FEW = 2;

  /** Jobs that take less than this are quick, with all that goes with them. */
  private static final long QUICK_JOB_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  /** A fetch that takes longer than this is too large. */
  private static final long SLOW_FETCH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Of the 200 members that a share group may have by default. */
  private static final int MANY = 64;

  private final Keeper keeper;
  private final Dispatch<?> dispatch;
  private final Clients clients;
  private final int prefetch;
  private final long lockNanos;

  /**
   * Whether fetches bring whole batches of producers, however many jobs that is: as long as they
   * are worked off at once.
   */
  private volatile boolean bulk;

  /** Guarded by itself. */
  private final List<Fetcher> fetchers = new ArrayList<>();

  /** Guarded by the list. */
  private boolean stopping;

  /** Fetchers that could bring something, were there something. */
  private final AtomicInteger fetching = new AtomicInteger();

  /** Groups of workers that were not told to stop. */
  private final AtomicInteger groups = new AtomicInteger();

  /** Threads that wait in {@code take}. */
  private final AtomicInteger takers = new AtomicInteger();

  Fetchers(Keeper keeper, Dispatch<?> dispatch, Clients clients, KafkaOptions options) {
    this.keeper = keeper;
    this.dispatch = dispatch;
    this.clients = clients;
    this.prefetch = options.prefetch();
    this.lockNanos = options.lock().toNanos();
  }

  Keeper keeper() {
    return keeper;
  }

  Dispatch<?> dispatch() {
    return dispatch;
  }

  Clients clients() {
    return clients;
  }

  long lockNanos() {
    return lockNanos;
  }

  /** Somebody begins to wait for jobs, or ends with it. */
  void taker(int change) {
    takers.addAndGet(change);
    wake();
  }

  /** A group of workers begins, or is told to stop. */
  void group(int change) {
    groups.addAndGet(change);
    wake();
  }

  /** There may be somebody who wants jobs. */
  void wake() {
    synchronized (fetchers) {
      while (!stopping && isWanted() && fetchers.size() < FEW) {
        start();
      }
      fetchers.forEach(Fetcher::wake);
    }
  }

  private void start() {
    Fetcher fetcher = new Fetcher(this, fetchers.size());
    fetchers.add(fetcher);
    fetching.incrementAndGet();
    fetcher.start();
  }

  /** Whether anybody would take a job now. */
  boolean isWanted() {
    return (takers.get() > 0 || groups.get() > 0) && !dispatch.isHeldBack();
  }

  /** Whether to fetch more than there is. */
  boolean isShort() {
    return isWanted() && dispatch.loadedJobs() < prefetch;
  }

  boolean isBulk() {
    return bulk;
  }

  /** A fetch of so many jobs has been worked off. */
  void workedOff(int jobs, long nanos) {
    if (bulk) {
      bulk = nanos < SLOW_FETCH_NANOS;
    } else {
      bulk = jobs == prefetch && nanos / jobs < QUICK_JOB_NANOS;
    }
  }

  /** A fetcher is held up by jobs in hand, or no longer. */
  void heldUp(boolean held) {
    fetching.addAndGet(held ? -1 : 1);
  }

  /** Starts one more if all are held up while somebody waits for work. */
  void relieve() {
    if (fetching.get() == 0 && dispatch.loadedJobs() == 0 && isWanted()) {
      synchronized (fetchers) {
        if (!stopping && fetchers.size() < MANY) {
          start();
        }
      }
    }
  }

  /** Whether {@code fetcher}, which brings nothing, is to end: others are there. */
  boolean isSpare(Fetcher fetcher) {
    synchronized (fetchers) {
      boolean spare = !stopping && fetchers.size() > FEW && fetching.get() > FEW;
      if (spare) {
        ended(fetcher);
      }
      return spare;
    }
  }

  /** It ends, or met an error: another one takes its place when it is wanted. */
  void ended(Fetcher fetcher) {
    synchronized (fetchers) {
      if (fetchers.remove(fetcher)) {
        fetching.decrementAndGet();
      }
    }
  }

  /** Ends all; what they hold and nobody has settled goes back to the broker. */
  void stop() {
    List<Fetcher> all;
    synchronized (fetchers) {
      stopping = true;
      all = List.copyOf(fetchers);
    }
    all.forEach(Fetcher::stop);
    all.forEach(Fetcher::await);
  }
}
