package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Receiver;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * For schedulers that run jobs in many more threads than there are workers, since each job waits
 * for the database: a thread borrows a receiver. Also bounds how many jobs there are, since a
 * scheduler accepts them many times as fast as it carries them.
 */
final class ManyThreads {
  static final int MOST_JOBS = 20_000;

  private final Semaphore room = new Semaphore(MOST_JOBS);
  private final ArrayBlockingQueue<Receiver> receivers = new ArrayBlockingQueue<>(256);

  void start(List<Receiver> all) {
    receivers.addAll(all);
  }

  /** Whether there is room for a job, which then is taken. */
  boolean hasRoom() {
    return room.tryAcquire();
  }

  void awaitRoom() throws InterruptedException {
    room.acquire();
  }

  void handle(byte[] job) {
    try {
      Receiver receiver = receivers.take();
      receiver.handle(job);
      receivers.add(receiver);
      room.release();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
