package dev.bobbin.internal;

import dev.bobbin.Bobbin;
import java.nio.file.Path;

/** Where queues live, for tests of what must hold on both. */
public enum Backend {
  MEMORY,
  DIRECTORY;

  /** Opens queues here; {@code directory} is used where there is one. */
  public Bobbin open(Path directory) {
    return this == MEMORY ? Bobbin.inMemory() : Bobbin.open(directory);
  }
}
