package dev.bobbin.internal.work;

import dev.bobbin.RetryPolicy;
import dev.bobbin.StuckWorker;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.watch.GroupGauge;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A group of workers that were started together. Watches over their leases and time-outs: whoever
 * begins a batch while {@link #watched} is false has the timing thread look in good time; it looks
 * again as long as one of them has a batch, and sets the flag back when none has. So a busy group
 * costs a look each lease or time-out, and an idle one nothing.
 */
public final class WorkerGroup implements Workers, Expiries.Watched {
  private static final VarHandle WATCHED;

  static {
    try {
      WATCHED = MethodHandles.lookup().findVarHandle(WorkerGroup.class, "watched", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Desk desk;
  private final GroupGauge gauge;
  private final String queue;
  private final WorkOptions options;
  private final long leaseNanos;
  private final long lookNanos;
  private final List<Worker> workers = new ArrayList<>();
  private List<Thread> threads = List.of();
  private final Attendance attendance = new Attendance();
  private volatile boolean watched;
  private volatile @Nullable Consumer<WorkerGroup> onEnd;

  private WorkerGroup(Desk desk, String queue, WorkOptions options, Class<?> handler) {
    this.desk = desk;
    this.gauge = desk.crew.group(handler, options.lease().toNanos());
    this.queue = queue;
    this.options = options;
    this.leaseNanos = options.lease().toNanos();
    this.lookNanos = Math.min(leaseNanos, options.timeout().toNanos());
  }

  /**
   * Makes a group whose workers {@code newWorker} makes; {@link #launch} starts it.
   *
   * @param handler the class of what the user gave, for the status
   */
  static WorkerGroup of(
      Desk desk,
      String queue,
      WorkOptions options,
      Class<?> handler,
      Function<WorkerGroup, Worker> newWorker) {
    WorkerGroup group = new WorkerGroup(desk, queue, options, handler);
    boolean made = false;
    try {
      for (int i = 0; i < options.workers(); i++) {
        group.workers.add(newWorker.apply(group));
      }
      group.threads = Recruiting.threads(queue, options, group.workers);
      made = true;
      return group;
    } finally {
      if (!made) {
        group.stop();
      }
    }
  }

  /**
   * Starts the threads; none begins before all are started. {@code whenEnded} is told when the last
   * one has ended.
   *
   * @throws dev.bobbin.BobbinException if one cannot be started; then none is left
   */
  public void launch(Consumer<WorkerGroup> whenEnded) {
    onEnd = whenEnded;
    boolean started = false;
    try {
      Recruiting.start(queue, threads);
      started = true;
    } finally {
      if (started) {
        gauge.launched();
        attendance.open();
      } else {
        stop();
      }
    }
  }

  /** All workers have gone, and none will come: nothing is left of the group. */
  private void ended() {
    workers.forEach(Worker::close);
    gauge.ended();
    Consumer<WorkerGroup> told = onEnd;
    if (told != null) {
      told.accept(this);
    }
  }

  Desk desk() {
    return desk;
  }

  WorkOptions options() {
    return options;
  }

  String name() {
    return queue;
  }

  /** Watches the calls of one worker; null without a time-out. */
  @Nullable CallGuard newGuard() {
    return options.timeout().compareTo(RetryPolicy.LONGEST) >= 0
        ? null
        : new CallGuard(desk.time, options.timeout().toNanos());
  }

  @Override
  public int size() {
    return options.workers();
  }

  /** Whether the caller is one of these workers. */
  public boolean isOnWorker() {
    Thread caller = Thread.currentThread();
    return workers.stream().anyMatch(worker -> worker.hold.thread() == caller);
  }

  // What workers call.

  /** The worker's thread runs; false if it is to end at once. Waits until the group is launched. */
  boolean enter(Worker worker) {
    return attendance.enter(worker);
  }

  boolean isStopping() {
    return attendance.isStopping();
  }

  GroupGauge gauge() {
    return gauge;
  }

  /** Waits until the group is stopped, at most {@code nanos}. */
  void awaitStop(long nanos) {
    attendance.awaitStop(nanos);
  }

  void exited(Worker worker) {
    gauge.exited();
    if (attendance.exit(worker)) {
      ended();
    }
  }

  /** A worker has begun a batch. */
  void watch(long now) {
    if (!watched && WATCHED.compareAndSet(this, false, true)) {
      desk.expiries().add(now + lookNanos, this);
    }
  }

  /** A handler has returned whose batch was taken away. */
  void returned(int lateOutcomes) {
    desk.ledger.stale(lateOutcomes);
    desk.ledger.stuck(-1);
  }

  // What the timing thread does.

  @Override
  public long expire(long now) {
    long next = look(now);
    if (next == Ticks.NEVER) {
      // Said first, then looked once more: a worker begins a batch first and looks at the flag
      // then.
      watched = false;
      next = look(now);
      if (next != Ticks.NEVER && !WATCHED.compareAndSet(this, false, true)) {
        // That worker was faster, and has asked for the next look.
        return Ticks.NEVER;
      }
    }
    return next;
  }

  /**
   * Ends what is over; returns when to look again, {@link Ticks#NEVER} if no worker has a batch.
   */
  private long look(long now) {
    long next = Ticks.NEVER;
    for (Worker worker : workers) {
      long held = worker.hold.held();
      if (held != 0) {
        next = Math.min(next, look(worker, held, now));
      }
    }
    return next;
  }

  private long look(Worker worker, long held, long now) {
    long since = worker.hold.since();
    if (now - since >= leaseNanos) {
      int jobs = worker.takeAway(held, GivenUp.LEASE_LOST);
      if (jobs >= 0) {
        lost(worker, now - since, jobs);
      }
      return Ticks.NEVER;
    }
    Thread thread = worker.hold.thread();
    long callEnds =
        worker.guard == null || thread == null ? Ticks.NEVER : worker.guard.check(now, thread);
    return Math.min(since + leaseNanos, callEnds);
  }

  private void lost(Worker worker, long nanos, int jobs) {
    attendance.changed();
    Thread thread = worker.hold.thread();
    if (thread != null) {
      Notice.stuck(
          queue,
          thread.getName(),
          TimeUnit.NANOSECONDS.toMillis(nanos),
          jobs,
          List.of(thread.getStackTrace()));
    }
  }

  @Override
  public void close() {
    stop();
    Thread caller = Thread.currentThread();
    Worker self =
        workers.stream().filter(worker -> worker.hold.thread() == caller).findAny().orElse(null);
    try {
      attendance.awaitExit(self, Ticks.NEVER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<StuckWorker> stuck() {
    List<StuckWorker> stuck = new ArrayList<>();
    long now = desk.time.nanos();
    for (Worker worker : workers) {
      Thread thread = worker.hold.thread();
      if (worker.hold.isStuck() && thread != null) {
        Instant since =
            Instant.ofEpochMilli(desk.time.wallMillis()).minusNanos(now - worker.hold.since());
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        stuck.add(new StuckWorker(thread.getName(), since, stack, worker.lost()));
      }
    }
    return stuck;
  }

  @Override
  public void stop() {
    boolean gone = attendance.stop();
    desk.wakeAll();
    if (gone) {
      ended();
    }
  }

  @Override
  public void revoke() {
    // Workers have no lease that outlives them; what they hold is abandoned before.
  }

  // How the queue closes.

  /**
   * Waits until no worker has a batch that is its own, at most {@code nanos}, whatever interrupts
   * come; returns whether that is so.
   */
  public boolean awaitEnd(long nanos) {
    long deadline = nanos == Ticks.NEVER ? nanos : Ticks.now() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = deadline == Ticks.NEVER ? deadline : deadline - Ticks.now();
          return attendance.awaitExit(null, left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Interrupts the handlers that run; what they throw from now on hands their jobs back. */
  public void interrupt() {
    for (Worker worker : workers) {
      worker.hold.shutDown();
      Thread thread = worker.hold.thread();
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /** Takes every batch in hand away; its open jobs stay unfinished. */
  public void abandon() {
    for (Worker worker : workers) {
      long held = worker.hold.held();
      if (held != 0) {
        worker.takeAway(held, GivenUp.INTERRUPTED);
      }
    }
    attendance.changed();
  }
}
