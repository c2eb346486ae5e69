package dev.bobbin.internal.work;

import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** A group of workers that were started together. */
public final class WorkerGroup implements Workers {
  private final Desk desk;
  private final CountDownLatch running;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  private WorkerGroup(Desk desk, int workers) {
    this.desk = desk;
    this.running = new CountDownLatch(workers);
  }

  /** Makes a group whose workers {@code newWorker} makes; {@link #launch} starts it. */
  static WorkerGroup of(
      Desk desk, String queue, WorkOptions options, Function<WorkerGroup, Worker> newWorker) {
    WorkerGroup group = new WorkerGroup(desk, options.workers());
    ThreadFactory factory = options.threads();
    for (int i = 0; i < options.workers(); i++) {
      Worker worker = newWorker.apply(group);
      Thread thread = factory == null ? null : factory.newThread(worker);
      if (thread == null) {
        thread = new Thread(worker, "bobbin-" + queue + "-worker-" + i);
        thread.setDaemon(true);
      }
      group.threads.add(thread);
    }
    return group;
  }

  /** Starts the threads. */
  public void launch() {
    threads.forEach(Thread::start);
  }

  @Override
  public int size() {
    return threads.size();
  }

  /** Whether the caller is one of these workers. */
  public boolean isOnWorker() {
    return threads.contains(Thread.currentThread());
  }

  boolean isStopping() {
    return stopping;
  }

  void exited() {
    running.countDown();
  }

  @Override
  public void stop() {
    stopping = true;
    desk.doorbell.wakeAllWorkers();
    desk.turnstile().wakeAll();
  }

  @Override
  public void close() {
    stop();
    if (isOnWorker()) {
      return;
    }
    try {
      running.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * As {@link #close}, but not ended by an interrupt: the queue's files must not go while a worker
   * uses them.
   */
  public void closeUninterruptibly() {
    stop();
    boolean interrupted = false;
    while (running.getCount() > 0) {
      try {
        running.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
