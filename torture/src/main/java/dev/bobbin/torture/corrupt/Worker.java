package dev.bobbin.torture.corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The process in which damaged directories are opened: one with a small heap, and one that may die.
 * Before each trial it writes the trial's number to a file, so that its parent knows which one it
 * died of.
 */
final class Worker {
  /**
   * The trials of a worker: for each type every one from {@code first} to {@code end} in steps of
   * {@code step}.
   */
  record Share(long seed, List<FileType> types, long first, long end, long step) {
    List<String> args() {
      return List.of(
          Long.toString(seed),
          types.stream().map(FileType::name).collect(Collectors.joining(",")),
          Long.toString(first),
          Long.toString(end),
          Long.toString(step));
    }

    static Share of(String[] args) {
      return new Share(
          Long.parseLong(args[1]),
          Arrays.stream(args[2].split(",")).map(FileType::valueOf).toList(),
          Long.parseLong(args[3]),
          Long.parseLong(args[4]),
          Long.parseLong(args[5]));
    }
  }

  static final String PROGRESS = "progress";
  private static final int KEPT = 5;

  private final Path scratch;
  private final Share share;
  private final Stage stage;
  private final List<Base> bases;
  private final Map<String, Long> counts = new TreeMap<>();
  private int kept;

  private Worker(Path scratch, Share share) throws IOException {
    this.scratch = scratch;
    this.share = share;
    this.stage = new Stage(scratch.resolve("damaged"));
    this.bases = Builder.all(scratch.resolve("bases"));
    Image.delete(scratch.resolve("bases"));
  }

  public static void main(String[] args) throws IOException {
    new Worker(Path.of(args[0]), Share.of(args)).run();
  }

  private void run() throws IOException {
    try (FileChannel progress =
        FileChannel.open(
            scratch.resolve(PROGRESS), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (Base base : bases.subList(0, bases.size() - 1)) {
        trial(base, new Mutator.Mutant(base.image(), "nothing"), share.types().get(0), -1);
      }
      for (FileType type : share.types()) {
        for (long number = share.first(); number < share.end(); number += share.step()) {
          say(progress, type + " " + number);
          trial(type, number);
        }
      }
    }
    counts.forEach((what, count) -> System.out.println("count " + count + " " + what));
  }

  /** Notes what comes next, for who finds this process dead. */
  static void say(FileChannel progress, String what) throws IOException {
    String line = "%-30s".formatted(what);
    progress.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  private void trial(FileType type, long number) throws IOException {
    SplittableRandom random =
        new SplittableRandom(share.seed() * 31 + type.name().hashCode()).split();
    random = new SplittableRandom(random.nextLong() + number * 0x9E3779B97F4A7C15L);
    Base base = bases.get(random.nextInt(bases.size() - 1));
    Base other = bases.get(bases.size() - 1);
    trial(base, new Mutator(base, other, random).mutate(type), type, number);
  }

  private void trial(Base base, Mutator.Mutant mutant, FileType type, long number)
      throws IOException {
    String name = "%s %d, base %s, %s".formatted(type, number, base.name(), mutant.what());
    Base other = bases.get(bases.size() - 1);
    boolean[] faulty = new boolean[1];
    Trial trial =
        new Trial(
            base,
            other,
            mutant.image(),
            stage,
            what -> counts.merge(what, 1L, Long::sum),
            fault -> {
              faulty[0] = true;
              System.out.println("fault " + name + ": " + fault.replace('\n', ' '));
            });
    try {
      trial.run();
    } catch (RuntimeException | Error e) {
      faulty[0] = true;
      System.out.println("fault " + name + ": " + e + Fault.where(e));
    }
    counts.merge("mutations", 1L, Long::sum);
    if (faulty[0] && kept++ < KEPT) {
      Path keep = scratch.resolve("fault-" + type + "-" + number);
      Image.delete(keep);
      base.image().write(keep.resolve("before"));
      mutant.image().write(keep.resolve("damaged"));
      System.out.println("fault " + name + ": before and after it are kept in " + keep);
    }
  }
}
