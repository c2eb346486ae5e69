package dev.bobbin.cli.store;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.StoredQueue;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory that this process holds while it looks after it. For one thread. */
public final class Store implements AutoCloseable {
  private final Path directory;
  private final Bobbin bobbin;

  private Store(Path directory, Bobbin bobbin) {
    this.directory = directory;
    this.bobbin = bobbin;
  }

  /**
   * Takes the lock on a directory that exists.
   *
   * @throws dev.bobbin.DirectoryInUseException if another process holds it
   * @throws BobbinException if there is no such directory, or it is not Bobbin's
   */
  public static Store open(Path directory) {
    return new Store(directory, Bobbin.openExisting(directory));
  }

  /** The names of its queues. */
  public List<String> names() {
    return bobbin.queueNames();
  }

  /** The one queue that is meant: {@code asked}, or the only one that there is. */
  public String name(@Nullable String asked) {
    List<String> names = names();
    if (asked == null && names.size() == 1) {
      return names.get(0);
    }
    if (asked != null && names.contains(asked)) {
      return asked;
    }
    String which =
        asked == null
            ? directory + " has not exactly one queue: name one with --queue"
            : directory + " has no queue '" + asked + "'";
    throw new BobbinException(
        which + "; there " + (names.isEmpty() ? "is none" : "are: " + String.join(", ", names)));
  }

  /**
   * What is fixed about a queue.
   *
   * @throws dev.bobbin.CorruptionException if the file that says so is damaged
   */
  public StoredQueue stored(String name) {
    return bobbin
        .storedQueue(name)
        .orElseThrow(() -> new BobbinException(directory + " has lost its queue '" + name + "'"));
  }

  /**
   * Opens a queue as it is, which recovers it.
   *
   * @throws dev.bobbin.CorruptionException if it is damaged; nothing was changed
   */
  public JobQueue<byte[]> open(StoredQueue stored) {
    return bobbin.queue(stored.name(), Codec.bytes(), stored.options());
  }

  @Override
  public void close() {
    bobbin.close();
  }
}
