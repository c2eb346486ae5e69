package dev.bobbin.torture.soak;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process that does the work. Ends in order when it reads a line from standard input, and at
 * once when that ends, so that it never outlives the campaign.
 */
final class SoakChild {
  private static final long PAUSE_EVERY_MILLIS = 15_000;
  private static final long PAUSE_MILLIS = 3_000;

  /** What the campaign tells its child. */
  record Orders(
      Path directory,
      long seed,
      int run,
      int jobsPerSecond,
      long reopenMillis,
      long sampleMillis,
      boolean drain,
      boolean bounded) {
    List<String> toArgs() {
      return List.of(
          directory.toString(),
          Long.toString(seed),
          Integer.toString(run),
          Integer.toString(jobsPerSecond),
          Long.toString(reopenMillis),
          Long.toString(sampleMillis),
          Boolean.toString(drain),
          Boolean.toString(bounded));
    }

    static Orders parse(String[] args) {
      return new Orders(
          Path.of(args[0]),
          Long.parseLong(args[1]),
          Integer.parseInt(args[2]),
          Integer.parseInt(args[3]),
          Long.parseLong(args[4]),
          Long.parseLong(args[5]),
          Boolean.parseBoolean(args[6]),
          Boolean.parseBoolean(args[7]));
    }
  }

  private final Orders orders;
  private final Pipe pipe = new Pipe();
  private final Handlers handlers;
  private final CountDownLatch told = new CountDownLatch(1);
  private final int[] numbers = new int[Load.QUEUES.size()];

  private SoakChild(Orders orders) {
    this.orders = orders;
    this.handlers = new Handlers(orders.seed, pipe);
  }

  public static void main(String[] args) {
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> die(error));
    try {
      new SoakChild(Orders.parse(args)).live();
    } catch (Throwable e) {
      die(e);
    }
    System.exit(0);
  }

  static void die(Throwable error) {
    error.printStackTrace();
    Runtime.getRuntime().halt(9);
  }

  private void live() throws InterruptedException {
    daemon("listener", this::listen);
    Sampler sampler = new Sampler(pipe);
    daemon("sampler", () -> sampler.run(orders.sampleMillis));
    boolean last = false;
    for (int times = 1; !last; times++) {
      try (Bobbin bobbin = Bobbin.open(orders.directory)) {
        last = work(bobbin, times, sampler);
      }
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, "soak-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void listen() {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      if (input.readLine() == null) {
        Runtime.getRuntime().halt(8);
      }
    } catch (IOException e) {
      die(e);
    }
    told.countDown();
  }

  /** Until it is time to open anew, or to end: then true. */
  private boolean work(Bobbin bobbin, int times, Sampler sampler) throws InterruptedException {
    List<JobQueue<byte[]>> queues = new ArrayList<>();
    for (String name : Load.QUEUES) {
      queues.add(bobbin.queue(name, Codec.bytes(), Load.options(queues.size(), orders.bounded)));
    }
    sampler.watch(queues);
    handlers.start(queues);
    Puller puller = new Puller(queues.get(2), orders.seed, pipe);
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(puller, "soak-puller"));
    FlushWatch flushes = new FlushWatch(queues, pipe);
    threads.add(new Thread(flushes, "soak-flushes"));
    List<Producer> producers = new ArrayList<>();
    for (int i = 0; i < queues.size() && !orders.drain; i++) {
      producers.add(new Producer(queues.get(i), i, numbers[i], orders, pipe));
    }
    producers.forEach(producer -> threads.add(new Thread(producer, "soak-producer")));
    pipe.open(times);
    threads.forEach(Thread::start);
    boolean last = orders.drain ? drain(queues) : run(queues);
    sampler.watch(List.of());
    if (!last || (times & 1) == 0 || orders.drain) {
      // Every other time the queues are closed under the producers' and the puller's hands.
      producers.forEach(Producer::stop);
    }
    flushes.stop();
    queues.forEach(JobQueue::close);
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < queues.size(); i++) {
      pipe.discarded(i, queues.get(i).status().totals().deadDiscarded());
    }
    producers.forEach(producer -> numbers[producer.queue()] = producer.next());
    return last;
  }

  private boolean run(List<JobQueue<byte[]>> queues) throws InterruptedException {
    Graveyard graveyard = new Graveyard(orders.seed, pipe);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(orders.reopenMillis);
    while (System.nanoTime() - end < 0) {
      if (told.await(PAUSE_EVERY_MILLIS - PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
      queues.forEach(JobQueue::pause);
      if (told.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
      queues.forEach(JobQueue::resume);
      for (int i = 0; i < queues.size(); i++) {
        // Where letters are discarded, one may be gone before it is touched.
        graveyard.tend(queues.get(i), !orders.bounded || i != Load.BOUNDED);
      }
    }
    return false;
  }

  private synchronized boolean drain(List<JobQueue<byte[]>> queues) throws InterruptedException {
    for (JobQueue<byte[]> queue : queues) {
      while (queue.status().unfinished() > 0) {
        queue.status().failure().ifPresent(SoakChild::die);
        wait(50);
      }
    }
    return true;
  }
}
