package dev.bobbin.torture.disk;

import dev.bobbin.testkit.DiskLuck;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a seed leaves of unforced writes. Each file has a fate of its own, so that what one file
 * keeps another may lose: all, nothing, each piece by chance, or the pieces on one side of a cut.
 */
final class TornLuck implements DiskLuck {
  private static final double[] SHARES = {0, 0, 0.1, 0.5, 0.9, 1, 1};
  private static final int LARGEST_FILE = 1 << 20;

  private final SplittableRandom random;
  private final Map<String, Fate> fates = new HashMap<>();
  private long hash = 1;

  private record Fate(double below, double above, long cut, double newest) {}

  TornLuck(long seed) {
    random = new SplittableRandom(seed);
  }

  private Fate fate(String file) {
    return fates.computeIfAbsent(
        file,
        name -> {
          double below = SHARES[random.nextInt(SHARES.length)];
          boolean isCut = random.nextInt(3) == 0;
          return new Fate(
              below,
              isCut ? 1 - below : below,
              isCut ? random.nextInt(LARGEST_FILE) : 0,
              random.nextInt(2));
        });
  }

  @Override
  public boolean survives(String file, long offset) {
    Fate fate = fate(file);
    boolean survives = random.nextDouble() < (offset < fate.cut ? fate.below : fate.above);
    hash = hash * 31 + (survives ? 1 : 2);
    return survives;
  }

  @Override
  public int version(String file, long offset, int versions) {
    if (!survives(file, offset)) {
      return 0;
    }
    boolean newest = random.nextDouble() < fate(file).newest;
    int version = newest ? versions : 1 + random.nextInt(versions);
    hash = hash * 31 + version;
    return version;
  }

  @Override
  public long length(String file, long bytes) {
    long length = random.nextInt(8) == 0 ? random.nextLong(bytes + 1) : bytes;
    hash = hash * 31 + length;
    return length;
  }

  /** A number for what was decided so far: the same decisions have the same. */
  long hash() {
    return hash;
  }
}
