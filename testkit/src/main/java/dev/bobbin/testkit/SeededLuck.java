package dev.bobbin.testkit;

import java.util.Random;

/** Each piece has the same chance; how large it is, is drawn once. */
final class SeededLuck implements DiskLuck {
  private final Random random;
  private final double share;

  SeededLuck(Random random) {
    this.random = random;
    this.share = random.nextInt(4) / 3.0;
  }

  @Override
  public boolean survives(String file, long offset) {
    return random.nextDouble() < share;
  }

  @Override
  public int version(String file, long offset, int versions) {
    return survives(file, offset) ? versions - random.nextInt(versions) : 0;
  }

  @Override
  public long length(String file, long bytes) {
    return random.nextInt(8) == 0 ? (long) (random.nextDouble() * bytes) : bytes;
  }
}
