package dev.bobbin.torture.child;

import dev.bobbin.Durability;
import java.nio.file.Path;
import java.util.List;

/**
 * What a {@link Child} is told.
 *
 * @param data the directory of the {@code Bobbin}
 * @param logs where its threads write down what they do
 * @param run which life of the directory this is; counts from 1
 * @param seed decides what jobs are; the same for all runs on one directory
 * @param flushMillis the queue's flush interval
 * @param mode what it does
 * @param durability the queue's
 * @param syncEvery after how many jobs a producer syncs; 0: never
 * @param leaseMillis how long the lease of workers and takers lasts
 * @param holdMillis how long they hold their jobs at most before they settle them; 0: not at all
 */
public record ChildOptions(
    Path data,
    Path logs,
    int run,
    long seed,
    long flushMillis,
    Mode mode,
    Durability durability,
    int syncEvery,
    long leaseMillis,
    long holdMillis) {

  /** What a child does. */
  public enum Mode {
    /** Submits and works until it is told to close. */
    RUN,
    /** Works until nothing is left, then closes. */
    DRAIN
  }

  public ChildOptions(Path data, Path logs, int run, long seed) {
    this(data, logs, run, seed, 10, Mode.RUN, Durability.PERIODIC, 0, 300_000, 0);
  }

  public ChildOptions withFlushMillis(long millis) {
    return new ChildOptions(
        data, logs, run, seed, millis, mode, durability, syncEvery, leaseMillis, holdMillis);
  }

  public ChildOptions withMode(Mode newMode) {
    return new ChildOptions(
        data,
        logs,
        run,
        seed,
        flushMillis,
        newMode,
        durability,
        syncEvery,
        leaseMillis,
        holdMillis);
  }

  public ChildOptions withDurability(Durability level) {
    return new ChildOptions(
        data, logs, run, seed, flushMillis, mode, level, syncEvery, leaseMillis, holdMillis);
  }

  public ChildOptions withSyncEvery(int jobs) {
    return new ChildOptions(
        data, logs, run, seed, flushMillis, mode, durability, jobs, leaseMillis, holdMillis);
  }

  /** Leases that may end while their holders live; then outcomes are always said. */
  public ChildOptions withLeaseMillis(long millis, long newHoldMillis) {
    return new ChildOptions(
        data, logs, run, seed, flushMillis, mode, durability, syncEvery, millis, newHoldMillis);
  }

  /** As arguments of the child's command line. */
  List<String> args() {
    return List.of(
        data.toString(),
        logs.toString(),
        Integer.toString(run),
        Long.toString(seed),
        Long.toString(flushMillis),
        mode.name(),
        durability.name(),
        Integer.toString(syncEvery),
        Long.toString(leaseMillis),
        Long.toString(holdMillis));
  }

  static ChildOptions parse(String... args) {
    return new ChildOptions(
        Path.of(args[0]),
        Path.of(args[1]),
        Integer.parseInt(args[2]),
        Long.parseLong(args[3]),
        Long.parseLong(args[4]),
        Mode.valueOf(args[5]),
        Durability.valueOf(args[6]),
        Integer.parseInt(args[7]),
        Long.parseLong(args[8]),
        Long.parseLong(args[9]));
  }
}
