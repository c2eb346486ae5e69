package dev.bobbin.internal.local;

import java.util.regex.Pattern;

/**
 * What a queue can be called. Its name is that of a folder too: so no name leads out of the
 * directory, hides, or differs from another one in case alone.
 */
final class QueueNames {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private QueueNames() {}

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns {@code name} if it is one. */
  static String check(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("a queue's name must match " + NAME + ", found: " + name);
    }
    return name;
  }
}
