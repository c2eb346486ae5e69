package dev.bobbin.internal.local;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Capability;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.work.Delay;
import dev.bobbin.internal.work.Elsewhere;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Queues on ring and journal, in one directory or in memory. */
public final class LocalBobbin implements Bobbin {

  private final @Nullable Home home;
  private final IoThread io;
  private final TimerThread timer;
  private final Opener opener = new Opener();
  private final Map<String, LocalQueue<?>> queues = new LinkedHashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean closed;
  private boolean ending;

  private LocalBobbin(@Nullable Home home, Time time) {
    this.home = home;
    this.io = new IoThread("bobbin-io");
    this.timer = new TimerThread("bobbin-timer", time);
    io.start();
    timer.start();
  }

  /** See {@link Bobbin#open}. */
  public static Bobbin open(Path directory) {
    return open(directory, FileStorage::new);
  }

  /**
   * As {@link Bobbin#open}, with another storage for each queue's folder, to watch or to disturb.
   */
  static LocalBobbin open(Path directory, Function<Path, Storage> storages) {
    return new LocalBobbin(new DirectoryHome(root(directory), storages), Time.system());
  }

  /** See {@link Bobbin#openExisting}. */
  public static Bobbin openExisting(Path directory) {
    return openExisting(directory, Time.system());
  }

  static LocalBobbin openExisting(Path directory, Time time) {
    Root root = new Opener().open(() -> Root.openExisting(directory));
    return new LocalBobbin(new DirectoryHome(root), time);
  }

  /** As {@link #open}, by the clocks of {@code time}. */
  public static LocalBobbin open(Path directory, Time time) {
    return new LocalBobbin(new DirectoryHome(root(directory)), time);
  }

  private static Root root(Path directory) {
    return new Opener().open(() -> Root.open(directory));
  }

  /** Queues in {@code home}, which is closed with them, or in memory if there is none. */
  public static LocalBobbin in(@Nullable Home home, Time time) {
    return new LocalBobbin(home, time);
  }

  /** See {@link Bobbin#inMemory}. */
  public static Bobbin inMemory() {
    return new LocalBobbin(null, Time.system());
  }

  @Override
  public synchronized <T> JobQueue<T> queue(String name, Codec<T> codec, QueueOptions options) {
    refuseIfOpen(name);
    return add(opener.open(() -> openCore(name, options)), codec);
  }

  /**
   * Opens a queue that hands out jobs which {@code elsewhere} keeps.
   *
   * @param found what there is of it
   */
  public synchronized <T> Dispatch<T> dispatch(
      String name,
      Codec<T> codec,
      QueueOptions options,
      Elsewhere elsewhere,
      RecoveryReport found) {
    refuseIfOpen(name);
    QueueCore core = QueueCore.elsewhere(name, options, io, timer, elsewhere, found);
    return new Dispatch<>(add(core, codec));
  }

  private <T> LocalQueue<T> add(QueueCore core, Codec<T> codec) {
    io.call(() -> adopt(core));
    LocalQueue<T> queue = new LocalQueue<>(this, core, io, codec);
    queues.put(core.name, queue);
    return queue;
  }

  /** Throws if the queue {@code name} cannot be opened because it is open, or has no such name. */
  public synchronized void refuseIfOpen(String name) {
    refuseIfWrongOrClosed(name);
    if (queues.containsKey(name)) {
      throw new IllegalStateException(
          "queue " + name + " is open already: open it once and share it");
    }
  }

  private synchronized void refuseIfWrongOrClosed(String name) {
    QueueNames.check(name);
    refuseIfClosed();
  }

  private synchronized void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException("this Bobbin is closed");
    }
  }

  private QueueCore openCore(String name, QueueOptions options) throws IOException {
    return home == null
        ? QueueCore.inMemory(name, options, io, timer)
        : QueueCore.open(home.create(name), name, options, io, timer, opener::blockBuffer);
  }

  private QueueCore adopt(QueueCore core) {
    core.flushing.adopt();
    io.add(core.flushing);
    timer.add(core);
    return core;
  }

  @Override
  public List<String> queueNames() {
    refuseIfClosed();
    if (home != null) {
      return io.call(home::queueNames).stream().filter(QueueNames::isName).toList();
    }
    synchronized (this) {
      return queues.keySet().stream().sorted().toList();
    }
  }

  @Override
  public Optional<StoredQueue> storedQueue(String name) {
    refuseIfWrongOrClosed(name);
    if (home != null) {
      return io.call(() -> stored(home, name));
    }
    synchronized (this) {
      return Optional.ofNullable(queues.get(name)).map(LocalQueue::stored);
    }
  }

  private static Optional<StoredQueue> stored(Home home, String name) throws IOException {
    Optional<Storage> folder = home.existing(name);
    return folder.isEmpty() ? Optional.empty() : Optional.of(QueueFiles.stored(folder.get(), name));
  }

  /** Reads the dead letters of one of its queues. */
  DeadReader deadReader(QueueCore core) {
    return new DeadReader(core, io);
  }

  // For tests that set the clock.

  /**
   * Waits until what the clocks say now has been acted on: leases have ended, due jobs are on their
   * way; false if not within {@code nanos}.
   */
  public boolean awaitTimer(long nanos) throws InterruptedException {
    return timer.awaitTurn(nanos);
  }

  /** The queues that are open. */
  public synchronized List<JobQueue<?>> openQueues() {
    return List.copyOf(queues.values());
  }

  /**
   * Whether at some moment during this call no queue had a job that was ready, in flight or due.
   * All are looked at twice: what happened in between, in a queue that was looked at already,
   * shows.
   */
  public boolean isIdle() {
    List<QueueCore> cores;
    synchronized (this) {
      cores = queues.values().stream().map(queue -> queue.core).toList();
    }
    long before = cores.stream().mapToLong(QueueCore::moves).sum();
    boolean idle = cores.stream().allMatch(core -> !core.hasDue() && core.isIdle());
    return idle && cores.stream().mapToLong(QueueCore::moves).sum() == before;
  }

  /** Makes the outcome of everything durable, and lets the queue go. Its workers have stopped. */
  void shutDown(LocalQueue<?> queue, QueueCore core) {
    Throwable failure;
    try {
      if (core.elsewhere != null) {
        core.elsewhere.close();
      }
      // Jobs first; the acks that those cycles drained are written by the next one, and forced.
      for (int i = 0; i < 3 && core.failure() == null; i++) {
        core.flushing.hurry();
        io.awaitCycleUninterruptibly();
      }
    } finally {
      timer.remove(core);
      try {
        failure =
            io.call(
                    () -> {
                      io.remove(core.flushing);
                      core.flushing.shutDown();
                      return new Failure(core.failure());
                    })
                .cause();
      } finally {
        synchronized (this) {
          queues.remove(queue.name(), queue);
        }
      }
    }
    if (failure != null) {
      throw new BobbinException(
          "queue " + queue.name() + " had stopped before it was closed: " + failure, failure);
    }
  }

  private record Failure(@Nullable Throwable cause) {}

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> all =
        EnumSet.of(Capability.PRIORITIES, Capability.KEEPS_KEYS, Capability.FENCING_TOKENS);
    if (home != null) {
      all.add(Capability.KEEPS_JOBS);
      all.add(Capability.SURVIVES_PROCESS_DEATH);
      all.add(Capability.SURVIVES_MACHINE_DEATH);
    }
    return all;
  }

  @Override
  public void close() {
    close(LifeCycle.FOREVER);
  }

  @Override
  public void close(Duration timeout) {
    close(Delay.nanos(timeout));
  }

  private void close(long nanos) {
    List<LifeCycle> lives;
    synchronized (this) {
      lives = queues.values().stream().map(LocalQueue::life).toList();
      lives.forEach(LifeCycle::refuseOnWorker);
      closed = true;
    }
    RuntimeException failure = null;
    try {
      LifeCycle.close(lives, nanos);
    } catch (RuntimeException e) {
      failure = e;
    }
    end();
    if (failure != null) {
      throw failure;
    }
  }

  /** Lets go of thread and directory, once; waits if another thread does. */
  private void end() {
    boolean first;
    synchronized (this) {
      first = !ending;
      ending = true;
    }
    if (!first) {
      ended.join();
      return;
    }
    try {
      timer.stop();
      io.stop();
      if (home != null) {
        home.close();
      }
    } finally {
      ended.complete(null);
    }
  }
}
