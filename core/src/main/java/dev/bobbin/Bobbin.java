package dev.bobbin;

import dev.bobbin.internal.local.LocalBobbin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A set of job queues that live and die together: one directory, or this process's memory.
 *
 * <pre>{@code
 * try (Bobbin bobbin = Bobbin.open(Path.of("data"))) {
 *   JobQueue<String> greetings = bobbin.queue("greetings", Codec.text());
 *   greetings.work(4, name -> System.out.println("Hello " + name));
 *   greetings.submit("Ada");
 * }
 * }</pre>
 *
 * <p>Thread-safe. Opening and closing go on to their end whatever interrupts come, and leave the
 * thread's interrupt flag as it is. {@link #close} finishes the batches in hand and leaves
 * everything else for the next {@link #open}.
 */
public interface Bobbin extends AutoCloseable {

  /**
   * Opens the queues in {@code directory}, creating it if it is absent.
   *
   * <p>One process owns a directory at a time; the files are readable by their owner only. Queues
   * are recovered when they are opened with {@link #queue}.
   *
   * @throws DirectoryInUseException if this or another process holds the directory
   * @throws BobbinException if it belongs to another program or version, or cannot be read and
   *     written
   */
  static Bobbin open(Path directory) {
    return LocalBobbin.open(directory);
  }

  /**
   * Opens the queues in a directory that {@link #open} made earlier: for tools, which must not
   * leave a new directory behind when they are given a wrong name. What the directory holds is told
   * by {@link #queueNames} and {@link #storedQueue}.
   *
   * @throws DirectoryInUseException if this or another process holds the directory
   * @throws BobbinException if there is no such directory, it is not Bobbin's, or it cannot be read
   *     and written; nothing was created
   */
  static Bobbin openExisting(Path directory) {
    return LocalBobbin.openExisting(directory);
  }

  /** Opens queues that live in this process's memory only: nothing survives the process. */
  static Bobbin inMemory() {
    return LocalBobbin.inMemory();
  }

  /** Opens the queue {@code name} with {@link QueueOptions#defaults()}. */
  default <T> JobQueue<T> queue(String name, Codec<T> codec) {
    return queue(name, codec, QueueOptions.defaults());
  }

  /**
   * Opens a queue, creating it if it is absent, and recovers what an earlier process left
   * unfinished.
   *
   * @param name matches {@code [a-z0-9][a-z0-9._-]{0,63}}
   * @throws IllegalArgumentException if the name does not match, or the options contradict each
   *     other or the queue's files
   * @throws IllegalStateException if the queue is open already, or this {@code Bobbin} is closed
   * @throws CorruptionException if the queue's files are damaged before their last durable point
   */
  <T> JobQueue<T> queue(String name, Codec<T> codec, QueueOptions options);

  /**
   * The names of all queues that there are, open or not, in alphabetical order. In memory, those
   * that are open.
   *
   * @throws BobbinException if the directory cannot be read
   * @throws IllegalStateException if this {@code Bobbin} is closed
   */
  List<String> queueNames();

  /**
   * The sizes with which the queue {@code name} was created, open or not; empty if there is no such
   * queue. Opens nothing and creates nothing.
   *
   * @throws IllegalArgumentException if no queue can have this name
   * @throws CorruptionException if the file that says what the queue is is damaged or missing
   * @throws BobbinException if it is of another version or cannot be read
   * @throws IllegalStateException if this {@code Bobbin} is closed
   */
  Optional<StoredQueue> storedQueue(String name);

  /** What this backend can do beyond handing jobs to workers at least once. */
  Set<Capability> capabilities();

  /**
   * Closes every queue as {@link JobQueue#close()} does, then releases the directory. A second
   * thread that closes waits for the first. Idempotent.
   *
   * @throws BobbinException if something could not be made durable; it names the cause
   * @throws IllegalStateException if a handler of one of the queues calls it
   */
  @Override
  void close();

  /**
   * Closes every queue as {@link JobQueue#close(Duration)} does, all within the same {@code
   * timeout}, then releases the directory. For shutdown hooks:
   *
   * <pre>{@code
   * Runtime.getRuntime().addShutdownHook(new Thread(() -> bobbin.close(Duration.ofSeconds(10))));
   * }</pre>
   *
   * @param timeout 0 to 3,650 days
   * @throws BobbinException if something could not be made durable; it names the cause
   * @throws IllegalStateException if a handler of one of the queues calls it
   */
  void close(Duration timeout);
}
