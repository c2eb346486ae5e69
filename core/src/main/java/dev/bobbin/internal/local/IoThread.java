package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that writes files: it runs the flush cycles of all queues together. While nothing
 * moves it is parked, without a timeout.
 */
final class IoThread implements Runnable {
  /**
   * How long a periodic cycle waits for a moment at which nothing is unread, and how often it
   * looks.
   */
  private static final long LULL_NANOS = 2_000_000;

  private static final long LULL_STEP_NANOS = 50_000;

  private final List<Flushing> queues = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Request<?>> requests = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

  /** How many cycles have begun. Written by this thread before a cycle's first step. */
  private volatile long started;

  /**
   * Somebody who waits for the end of cycle {@code target}; woken one by one, without a lock to
   * queue for.
   */
  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    final long target;
    volatile boolean done;

    Waiter(long target) {
      this.target = target;
    }
  }

  /** A cycle is wanted at once. Set by anyone, cleared by this thread before the cycle begins. */
  private volatile boolean wanted;

  private volatile boolean stopping;

  /**
   * Something happened since the last turn began. Set by anyone, cleared by this thread at the
   * start of a turn.
   */
  private volatile boolean woken;

  // This thread only.
  private ByteBuffer blockBuffer = ByteBuffer.allocate(0);

  /** Names of queues that had failed when they were closed, and are not open again. */
  private final Set<String> broken = new HashSet<>();

  /** No request is run any more. Set once by this thread. */
  private volatile boolean ended;

  private record Request<R>(Callable<R> task, CompletableFuture<R> result) {
    void run() {
      try {
        result.complete(task.call());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }
  }

  IoThread(String name) {
    thread = new OwnThread(this, name);
  }

  void start() {
    thread.start();
  }

  /** Ends the thread when it has done what was asked of it before. */
  void stop() {
    stopping = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void wake() {
    // The flag too: a lock that this thread waits for in between may use up the permit.
    woken = true;
    LockSupport.unpark(thread);
  }

  /** A direct buffer of at least so many bytes, shared by all queues; for this thread only. */
  ByteBuffer blockBuffer(int bytes) {
    if (blockBuffer.capacity() < bytes) {
      blockBuffer = ByteBuffer.allocateDirect(bytes);
    }
    return blockBuffer.duplicate();
  }

  /** Has a cycle begin as soon as this thread can. */
  void hurry() {
    if (!wanted) {
      wanted = true;
      wake();
    }
  }

  /** Called by this thread. */
  void add(Flushing queue) {
    broken.remove(queue.name());
    queues.add(queue);
    wake();
  }

  /** Called by this thread. */
  void remove(Flushing queue) {
    if (queue.hasFailed()) {
      broken.add(queue.name());
    }
    queues.remove(queue);
  }

  /** Waits for a whole cycle that began after this call; an interrupt ends the wait. */
  void awaitCycle() throws InterruptedException {
    Waiter waiter = new Waiter(started + 1);
    waiters.add(waiter);
    hurry();
    if (ended) {
      release(Long.MAX_VALUE);
    }
    while (!waiter.done) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        waiters.remove(waiter);
        throw new InterruptedException();
      }
    }
  }

  /** Wakes those who wait for a cycle up to {@code completed}. */
  private void release(long completed) {
    for (Waiter waiter : waiters) {
      if (waiter.target <= completed) {
        waiters.remove(waiter);
        waiter.done = true;
        LockSupport.unpark(waiter.thread);
      }
    }
  }

  /** As {@link #awaitCycle}, whatever interrupts come; they stay set. */
  void awaitCycleUninterruptibly() {
    boolean interrupted = false;
    while (true) {
      try {
        awaitCycle();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs {@code task} on this thread and waits for its result.
   *
   * @throws IllegalStateException if the thread has stopped
   */
  <R> R call(Callable<R> task) {
    CompletableFuture<R> result = new CompletableFuture<>();
    requests.add(new Request<>(task, result));
    wake();
    if (ended) {
      failRequests();
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof RuntimeException known) {
        throw known;
      }
      throw new BobbinException(String.valueOf(cause.getMessage()), cause);
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping || !requests.isEmpty()) {
        woken = false;
        for (Request<?> request = requests.poll(); request != null; request = requests.poll()) {
          request.run();
        }
        long sleep = turn();
        if (sleep > 0 && !woken && !wanted && !stopping && requests.isEmpty()) {
          LockSupport.parkNanos(this, sleep);
        }
      }
    } finally {
      ended = true;
      failRequests();
      release(Long.MAX_VALUE);
    }
  }

  /** Whoever asks after the end, or just before it, gets an answer. */
  private void failRequests() {
    for (Request<?> request = requests.poll(); request != null; request = requests.poll()) {
      request.result.completeExceptionally(new IllegalStateException("this Bobbin is closed"));
    }
  }

  /** One look at everything; returns for how long nothing is due. */
  private long turn() {
    long now = System.nanoTime();
    boolean due = wanted;
    for (Flushing queue : queues) {
      due |= queue.nanosToFlush(now) <= 0;
    }
    if (due) {
      awaitLull();
      cycle();
      now = System.nanoTime();
    }
    long sleep = TimeUnit.DAYS.toNanos(1);
    for (Flushing queue : queues) {
      sleep = Math.min(sleep, queue.nanosToFlush(now));
    }
    return sleep;
  }

  /**
   * Waits a moment for workers to catch up, unless somebody waits for the cycle: what is finished
   * when it begins never touches the disk, and jobs that come in bursts are finished in between.
   */
  private void awaitLull() {
    long deadline = System.nanoTime() + LULL_NANOS;
    while (!wanted
        && !stopping
        && System.nanoTime() - deadline < 0
        && queues.stream().anyMatch(Flushing::hasUnread)) {
      LockSupport.parkNanos(this, LULL_STEP_NANOS);
    }
  }

  /**
   * One cycle of all queues in which something moved. The order of the steps is argued at {@link
   * FlushCycle}.
   */
  private void cycle() {
    wanted = false;
    long number = started + 1;
    started = number;
    Set<Flushing> moving = new LinkedHashSet<>();
    // Again until none is new: what a handler submitted to another queue before its own job was
    // drained has set that queue
    // moving, and must be part of this cycle (invariant 13).
    for (List<Flushing> more = moving(moving); !more.isEmpty(); more = moving(moving)) {
      more.forEach(queue -> queue.step(FlushCycle::drain));
      moving.addAll(more);
    }
    moving.forEach(Flushing::takeEnd);
    moving.forEach(queue -> queue.step(FlushCycle::write));
    moving.forEach(queue -> queue.step(FlushCycle::force));
    // What a queue held when it failed may be lost with the machine. Acks of other queues that
    // depend on it wait until it is opened again (invariant 13): nobody knows which ones do.
    boolean whole =
        broken.isEmpty()
            && moving.stream().allMatch(Flushing::isWritten)
            && queues.stream().noneMatch(Flushing::hasFailed);
    moving.forEach(queue -> queue.completeCycle(whole));
    release(number);
  }

  private List<Flushing> moving(Set<Flushing> known) {
    return queues.stream().filter(queue -> queue.isMoving() && !known.contains(queue)).toList();
  }
}
