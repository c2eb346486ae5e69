package dev.bobbin.kafka;

import java.util.concurrent.TimeUnit;

/**
 * How delayed jobs wait: in a topic with a partition for each length of wait, its tier. Every job
 * of a tier waits equally long there, so the first one is always the first to go on, and whoever
 * reads a tier need not look beyond its head. A job with a long way to go waits in the longest tier
 * that is not too long, and then goes on to a shorter one: after six steps on average, and some
 * fifteen for years.
 *
 * <p>Tier 0 holds what is due within a second, in any order; the relay holds it in memory until
 * then. Tier n holds for 4^(n-1) seconds.
 */
final class Tiers {
  /** The longest tier holds for eight years and a half, and a delay may be ten. */
  static final int COUNT = 16;

  private static final long SHORTEST_MILLIS = TimeUnit.SECONDS.toMillis(1);

  private Tiers() {}

  /** The tier for a job with so long to wait. */
  static int of(long leftMillis) {
    int tier = 0;
    while (tier < COUNT - 1 && leftMillis >= holdMillis(tier + 1)) {
      tier++;
    }
    return tier;
  }

  /** How long a tier but the first holds its jobs. */
  static long holdMillis(int tier) {
    return SHORTEST_MILLIS << (2 * (tier - 1));
  }
}
