package dev.bobbin.internal.local;

import dev.bobbin.internal.journal.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a {@code Bobbin} keeps its queues: a directory, or the disk that a test puts in its place.
 * Held by one {@code Bobbin} at a time until it is closed (invariant 12).
 */
public interface Home {
  /** The folder of the queue {@code name}, created if it is absent. */
  Storage create(String name) throws IOException;

  /** The folder of the queue {@code name} if it holds one; creates nothing. */
  Optional<Storage> existing(String name) throws IOException;

  /** The folders that hold a queue, in alphabetical order; one that is not begun yet does not. */
  List<String> queueNames() throws IOException;

  /** Lets others have it. */
  void close();
}
