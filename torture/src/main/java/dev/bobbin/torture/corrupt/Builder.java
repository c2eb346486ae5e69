package dev.bobbin.torture.corrupt;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Priority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the directories that are damaged, with real queues. A copy of a directory at rest is what
 * the death of its process leaves: the mapped ring lies in the page cache, where a copy sees it.
 */
final class Builder {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Path scratch;
  private final Map<String, Base.State> states = new HashMap<>();
  private final List<Image> generations = new ArrayList<>();
  private String prefix = "job";
  private int jobs;
  private int lives;
  private long opened;

  private Builder(Path scratch) {
    this.scratch = scratch;
  }

  /** Makes all bases; what is in {@code scratch} is not needed afterwards. */
  static List<Base> all(Path scratch) throws IOException {
    return List.of(
        died(scratch),
        new Builder(scratch.resolve("closed")).mixed("closed", true),
        new Builder(scratch.resolve("long")).longLife("long"),
        new Builder(scratch.resolve("recycled")).manyLives("recycled"),
        other(scratch.resolve("other")));
  }

  /** Makes one base. */
  static Base died(Path scratch) throws IOException {
    return new Builder(scratch.resolve("died")).mixed("died", false);
  }

  /** Another queue: its jobs have names of their own, so that none of them passes for a base's. */
  private static Base other(Path scratch) throws IOException {
    Builder builder = new Builder(scratch);
    builder.prefix = "other";
    return builder.mixed("other", true);
  }

  private interface Life {
    void live(JobQueue<byte[]> queue);
  }

  /** Opens {@code from}, lives, and dies; returns what is left. */
  private Path die(Path from, Life life) throws IOException {
    Path dead = scratch.resolve("dead" + lives++);
    opened = nextBlock(from);
    try (Bobbin bobbin = Bobbin.open(from)) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), Base.OPTIONS);
      life.live(queue);
      copy(from, dead);
    }
    generations.add(Image.read(dead));
    return dead;
  }

  /** The number of the block with which the next opening begins. */
  private static long nextBlock(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return 0;
    }
    List<Placed.Block> blocks = new Layout(Image.read(directory)).blocks();
    return blocks.get(blocks.size() - 1).number() + 1;
  }

  private Base mixed(String name, boolean closed) throws IOException {
    Path from = scratch.resolve("live");
    from = die(from, this::mixedLife);
    from = die(from, this::mixedLife);
    if (!closed) {
      from = die(from, this::lastLife);
      return Base.of(name, Image.read(from), states, generations, opened);
    }
    opened = nextBlock(from);
    try (Bobbin bobbin = Bobbin.open(from)) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), Base.OPTIONS);
      mixedLife(queue);
      submit(queue, 5);
    }
    return Base.of(name, Image.read(from), states, generations, opened);
  }

  private void mixedLife(JobQueue<byte[]> queue) {
    // What came back is left as it is, under the jobs to come.
    for (int round = 0; round < 3; round++) {
      submit(queue, 3, JobOptions.NONE);
      submit(queue, 1, JobOptions.delay(HOUR));
      submit(queue, 1, JobOptions.key("key" + jobs).header("trace", "t" + jobs));
      submit(queue, 1, JobOptions.priority(Priority.URGENT));
      settle(queue, 4);
      queue.sync();
      settle(queue, 2);
      queue.sync();
    }
    rest(queue);
  }

  /** Leaves jobs, a finished job and a retry that only the ring knows of. */
  private void lastLife(JobQueue<byte[]> queue) {
    mixedLife(queue);
    submit(queue, 6);
    try (Lease<byte[]> lease = queue.take(2, SOON)) {
      for (LeasedJob<byte[]> job : lease) {
        job.ack();
        states.put(name(job), Base.State.JUST_DONE);
      }
    }
    submit(queue, 2, JobOptions.delay(HOUR));
  }

  /** A backlog: several segments in one life. */
  private Base longLife(String name) throws IOException {
    prefix = Payload.LARGE;
    Path from = die(scratch.resolve("live"), queue -> fill(queue, 36));
    Path second = from;
    from =
        die(
            from,
            queue -> {
              fill(queue, 18);
              generation(second);
              fill(queue, 18);
              submit(queue, 3);
            });
    return Base.of(name, Image.read(from), states, generations, opened);
  }

  /**
   * Segments that have been freed and used again, and hold blocks of their earlier uses behind
   * their own; delayed jobs were copied forward from them. Each life begins a segment.
   */
  private Base manyLives(String name) throws IOException {
    Path from = scratch.resolve("live");
    for (int life = 0; life < 9; life++) {
      // Later ones are shorter, and do not overwrite all of the earlier ones.
      int rounds = 9 - life;
      from = die(from, queue -> shortLife(queue, rounds));
    }
    Base base = Base.of(name, Image.read(from), states, generations, opened);
    boolean recycled = base.layout().oldest() > 1 && base.layout().hasMoved();
    if (!recycled) {
      throw new IllegalStateException("no segment was freed: " + base.blocks());
    }
    return base;
  }

  private void shortLife(JobQueue<byte[]> queue, int rounds) {
    submit(queue, 1, JobOptions.delay(HOUR));
    for (int round = 0; round < rounds; round++) {
      submit(queue, 2);
      queue.sync();
      settleAll(queue, 2);
    }
    rest(queue);
  }

  /** A block of thirty kilobytes a round; of nine jobs in ten rounds some are left. */
  private void fill(JobQueue<byte[]> queue, int rounds) {
    for (int round = 0; round < rounds; round++) {
      submit(queue, 8);
      queue.sync();
      settleAll(queue, round % 10 == 0 ? 6 : 8);
      if (round % 20 == 19) {
        submit(queue, 1, JobOptions.delay(HOUR));
      }
    }
    rest(queue);
  }

  private void generation(Path directory) {
    Path copy = scratch.resolve("generation" + generations.size());
    try {
      copy(directory, copy);
      generations.add(Image.read(copy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void submit(JobQueue<byte[]> queue, int count) {
    submit(queue, count, JobOptions.NONE);
  }

  private void submit(JobQueue<byte[]> queue, int count, JobOptions options) {
    for (int i = 0; i < count; i++) {
      String name = prefix + jobs++;
      queue.submit(Payload.of(name), options);
      states.put(name, Base.State.DUE);
    }
  }

  /** Takes some and ends them in turn: acked, delayed by a retry, dead, acked. */
  private void settle(JobQueue<byte[]> queue, int count) {
    try (Lease<byte[]> lease = queue.take(count, SOON)) {
      int turn = 0;
      for (LeasedJob<byte[]> job : lease) {
        switch (turn++ % 4) {
          case 1 -> job.retry(HOUR, "not yet");
          case 2 -> {
            job.reject("of no use");
            states.put(name(job), Base.State.DEAD);
          }
          default -> ack(job);
        }
      }
    }
  }

  private void settleAll(JobQueue<byte[]> queue, int count) {
    try (Lease<byte[]> lease = queue.take(count, SOON)) {
      lease.forEach(this::ack);
    }
  }

  private void ack(LeasedJob<byte[]> job) {
    job.ack();
    states.put(name(job), Base.State.DONE);
  }

  private static String name(LeasedJob<byte[]> job) {
    String name = Payload.name(job.payload());
    if (name == null) {
      throw new IllegalStateException("other bytes than were submitted: " + job.id());
    }
    return name;
  }

  /** Acks are written by the cycle behind the one that heard of them. */
  private void rest(JobQueue<byte[]> queue) {
    for (int i = 0; i < 3; i++) {
      submit(queue, 1);
      queue.sync();
    }
  }

  /** The ring first, then the journal, newest segments first: each knows of what comes later. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      Comparator<Path> order =
          Comparator.comparing((Path f) -> !f.endsWith("ring"))
              .thenComparing(Comparator.reverseOrder());
      for (Path file : files.filter(Files::isRegularFile).sorted(order).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.toAbsolutePath().getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
