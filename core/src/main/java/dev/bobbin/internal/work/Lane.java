package dev.bobbin.internal.work;

import dev.bobbin.Priority;

/** Jobs that the loader has brought, by when workers take them; highest first. */
public enum Lane {
  /** Before everything else. */
  URGENT(0),
  /** Before normal jobs. */
  HIGH(1),
  /** Normal jobs that were delayed, or came back from a lost lease: in turn with the others. */
  DUE(2),
  /** Jobs that had left the ring: older than what is in it, so before it. */
  BACKLOG(3),
  /** When nothing else is ready. */
  LOW(4);

  /** Where it stands among the lanes. */
  final int index;

  Lane(int index) {
    this.index = index;
  }

  /** The lane of jobs of this priority that do not lie in the ring ready to be taken. */
  public static Lane of(Priority priority) {
    return switch (priority) {
      case URGENT -> URGENT;
      case HIGH -> HIGH;
      case NORMAL -> DUE;
      case LOW -> LOW;
    };
  }

  int bit() {
    return 1 << index;
  }
}
