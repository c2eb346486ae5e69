package dev.bobbin.torture.races;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where this build leaves its results. */
final class Target {
  private Target() {}

  /** A folder beside this module's classes. */
  static Path folder(String name) {
    try {
      Path classes =
          Path.of(Target.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolveSibling(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
