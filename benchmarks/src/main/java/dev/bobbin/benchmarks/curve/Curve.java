package dev.bobbin.benchmarks.curve;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What cost is measured against, and at which sizes. */
public enum Curve {
  PAYLOAD("bytes of payload", 16, 1 << 20),
  THREADS("producers, and as many workers", 1, 255),
  PRODUCERS("producers, one worker", 1, 255),
  WORKERS("workers, one producer", 1, 255),
  BATCH("jobs a worker takes at once, at most", 1, 4096),
  QUEUES("queues, a worker each", 1, 10_000),
  BACKLOG("jobs that wait for a worker", 0, 1L << 31),
  DELAYED("delayed jobs that wait", 0, 100_000_000),
  FAILING("percent of jobs that fail once", 0, 100),
  FLUSH("milliseconds from flush to flush", 0, 10_000),
  RECOVERY("jobs that wait when it dies", 0, 1L << 31);

  private final String axis;
  private final long min;
  private final long max;

  Curve(String axis, long min, long max) {
    this.axis = axis;
    this.min = min;
    this.max = max;
  }

  private static List<Long> sizes(long... sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one with this name on the command line. */
  public static Optional<Curve> labelled(String label) {
    return Arrays.stream(values()).filter(curve -> curve.label().equals(label)).findFirst();
  }

  /** What grows along the axis. */
  public String axis() {
    return axis;
  }

  /** Whether each size is a multiple of the one before rather than a little more. */
  public boolean logarithmic() {
    return this != FAILING;
  }

  /** The sizes that take a short time. */
  public List<Long> sizes() {
    return switch (this) {
      case PAYLOAD -> sizes(16, 64, 256, 1024, 4096, 16384, 65536);
      case THREADS -> sizes(1, 2, 4, 8, 16, 32, 64);
      case PRODUCERS, WORKERS -> sizes(1, 4, 16, 64);
      case BATCH -> sizes(1, 4, 16, 64, 256, 1024, 4096);
      case QUEUES -> sizes(1, 10, 100, 1000);
      case DELAYED -> sizes(0, 10_000, 100_000, 1_000_000);
      case FAILING -> sizes(0, 1, 5, 10, 25, 50);
      case FLUSH -> sizes(0, 1, 5, 20, 50, 200, 1000);
      case BACKLOG, RECOVERY -> sizes(0, 100_000, 1_000_000, 10_000_000);
    };
  }

  /** These, and the one that takes long. */
  public List<Long> fullSizes() {
    return switch (this) {
      case BACKLOG, RECOVERY -> sizes(0, 100_000, 1_000_000, 10_000_000, 100_000_000);
      case DELAYED -> sizes(0, 10_000, 100_000, 1_000_000, 10_000_000);
      default -> sizes();
    };
  }

  /**
   * Checks a size.
   *
   * @throws IllegalArgumentException if it is not one of this curve; it says why
   */
  public long require(long size) {
    if (size < min || size > max) {
      throw new IllegalArgumentException(
          "sizes of " + label() + " must be from " + min + " to " + max + ", found " + size);
    }
    return size;
  }

  /** The phases of a round: each in a process of its own, all on one directory. */
  public List<String> phases() {
    return this == RECOVERY ? List.of("fill", "recover", "reopen") : List.of("measure");
  }

  /** Runs one phase of a round at one point, and returns its figures by name. */
  public Map<String, Object> measure(String phase, long size, Place place) throws Exception {
    Setup setup = setup(size);
    return switch (phase) {
      case "fill" -> Recovery.fill(setup, place);
      case "recover" -> Recovery.recover(setup, place);
      case "reopen" -> Recovery.reopen(setup, place);
      default ->
          switch (this) {
            case BACKLOG -> Backlog.measure(setup, place);
            case DELAYED -> Delayed.measure(setup, place);
            case QUEUES, FLUSH -> Carry.measure(setup, place, false);
            default -> Carry.measure(setup, place, true);
          };
    };
  }

  private Setup setup(long size) {
    int number = (int) size;
    return switch (this) {
      case PAYLOAD -> Setup.payload(number);
      case THREADS -> Setup.threads(number, number);
      case PRODUCERS -> Setup.threads(number, 1);
      case WORKERS -> Setup.threads(1, number);
      case BATCH -> Setup.batch(number);
      case QUEUES -> Setup.queues(number);
      case FAILING -> Setup.failing(number);
      case FLUSH -> Setup.flush(number);
      case BACKLOG, DELAYED, RECOVERY -> Setup.waiting(size);
    };
  }
}
