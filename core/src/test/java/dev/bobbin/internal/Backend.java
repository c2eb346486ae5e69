package dev.bobbin.internal;

import dev.bobbin.Bobbin;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import java.nio.file.Path;

/** Where queues live, for tests of what must hold on both. */
public enum Backend {
  MEMORY,
  DIRECTORY;

  /** Opens queues here; {@code directory} is used where there is one. */
  public Bobbin open(Path directory) {
    return this == MEMORY ? Bobbin.inMemory() : Bobbin.open(directory);
  }

  /** As {@link #open(Path)}, by the clocks of {@code time}. */
  public Bobbin open(Path directory, Time time) {
    return this == MEMORY ? LocalBobbin.in(null, time) : LocalBobbin.open(directory, time);
  }
}
