package dev.bobbin.kafka;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what went wrong in the background and is tried again. */
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger("dev.bobbin.kafka");

  private Faults() {}

  static void report(String what, Throwable cause) {
    LOG.warn("{}; trying again", what, cause);
  }
}
