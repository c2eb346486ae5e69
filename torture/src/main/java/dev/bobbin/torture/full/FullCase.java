package dev.bobbin.torture.full;

import dev.bobbin.torture.Report;
import dev.bobbin.torture.loop.Ballast;
import dev.bobbin.torture.loop.Cut;
import dev.bobbin.torture.loop.LoopDisk;
import dev.bobbin.torture.loop.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One disk, filled to one level. */
final class FullCase {
  private static final long DISK_BYTES = 64L << 20;
  private static final String MUCH = "1000000";

  /** When the disk is full first. */
  private enum Moment {
    CREATE,
    RUN,
    RESTART
  }

  /** How the process ends whose queue is opened again on the full disk. */
  private enum End {
    CLOSE,
    KILL,
    CUT
  }

  private final Path scratch;
  private final SplittableRandom random;
  private final Report report;
  private final long seed;
  private final int level;
  private final Moment moment;

  /** Whether it is files of which the disk has no more, and not bytes. */
  private final boolean files;

  /** 0: nothing is left; 1: the most that is left free. */
  private final double share;

  FullCase(Path scratch, SplittableRandom random, int level, int levels, Report report) {
    this.scratch = scratch;
    this.random = random;
    this.report = report;
    this.seed = random.nextInt();
    this.level = level;
    this.moment = Moment.values()[level % 3];
    this.files = random.nextInt(6) == 0;
    double even = Math.max(0, level + random.nextDouble() - 0.7) / levels;
    this.share = even * even * even;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "--only %d, full at %s, %s %.4f",
        level,
        moment,
        files ? "files" : "bytes",
        share);
  }

  void run() throws IOException, InterruptedException {
    report.count("disks");
    String[] more = files ? new String[] {"-N", "64"} : new String[0];
    try (LoopDisk disk = LoopDisk.create(scratch, LoopDisk.Kind.EXT4, DISK_BYTES, more)) {
      Ballast ballast = new Ballast(disk.root().resolve("ballast"));
      if (moment == Moment.CREATE) {
        fill(disk, ballast, 4 << 20, 16);
        create(disk, ballast);
      } else {
        try (Child child = open(disk)) {
          expect(child.ask("submit " + (1 + random.nextInt(1000))), "submitted");
          fill(disk, ballast, 24 << 20, 4);
          onFullDisk(disk, child, ballast);
        }
      }
      finish(disk);
    }
    checkLedger();
  }

  private void fill(LoopDisk disk, Ballast ballast, long mostBytes, int mostFiles)
      throws IOException {
    if (files) {
      ballast.leaveFiles((int) (share * mostFiles));
    } else {
      ballast.leaveBytes(disk, (long) (share * mostBytes));
    }
  }

  private Path data(LoopDisk disk) {
    return disk.root().resolve("data");
  }

  private Child open(LoopDisk disk) throws IOException, InterruptedException {
    Child child = Child.start(data(disk), scratch, seed, false);
    expect(child.opening, "open");
    return child;
  }

  private static void expect(String said, String word) throws IOException {
    if (!said.startsWith(word)) {
      throw new IOException("expected \"" + word + "\", the child said: " + said);
    }
  }

  /** A refusal must say that there is no room. */
  private static void expectNoRoom(String said) throws IOException {
    expect(said, "refused");
    if (!said.contains("no room") && !said.contains("No space left")) {
      throw new IOException("a refusal that does not say that the disk is full: " + said);
    }
  }

  /** Whatever comes of it, the same works when there is room. */
  private void create(LoopDisk disk, Ballast ballast) throws IOException, InterruptedException {
    try (Child child = Child.start(data(disk), scratch, seed, false)) {
      if (child.isOpen()) {
        report.count("created");
        onFullDisk(disk, child, ballast);
        return;
      }
      expectNoRoom(child.opening);
      report.count("creations refused");
    }
    List<String> left = queueFiles(disk);
    if (!left.isEmpty()) {
      throw new IOException("a queue that could not be created left " + left + " behind");
    }
    ballast.drop();
    try (Child child = open(disk)) {
      expect(child.ask("submit 500"), "submitted");
      expect(child.ask("work 300"), "worked");
      expect(child.ask("close"), "closed");
    }
  }

  private List<String> queueFiles(LoopDisk disk) throws IOException {
    Path queues = data(disk).resolve("queues");
    if (Files.notExists(queues)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(queues)) {
      return all.filter(Files::isRegularFile).map(queues::relativize).map(Path::toString).toList();
    }
  }

  /** The child's queue is open on a disk that has little room or none. */
  private void onFullDisk(LoopDisk disk, Child first, Ballast ballast)
      throws IOException, InterruptedException {
    submitUntilFull(first);
    expectEither(first.ask("sync"), "synced");
    work(first);
    if (random.nextInt(3) == 0) {
      submitUntilFull(first);
    }
    if (random.nextInt(4) == 0) {
      expect(first.ask("ack " + MUCH), "worked");
      report.count("emptied while full");
    }
    if (moment == Moment.RESTART || (moment == Moment.CREATE && random.nextBoolean())) {
      end(disk, first);
      if (files) {
        ballast.leaveFiles(0);
      } else {
        ballast.leaveBytes(disk, 0);
      }
      reopenOnFullDisk(disk);
      ballast.drop();
      try (Child child = open(disk)) {
        goOn(disk, child);
      }
    } else {
      ballast.drop();
      goOn(disk, first);
    }
  }

  /**
   * Work goes on while the disk is full: acks without a bound, retries and dead letters as far as
   * the reserve goes.
   */
  private void work(Child child) throws IOException, InterruptedException {
    expect(child.ask("work " + random.nextInt(200)), "worked");
    expect(child.ask("ack " + random.nextInt(3000)), "worked");
  }

  private void submitUntilFull(Child child) throws IOException, InterruptedException {
    String said = child.ask("submit " + MUCH);
    expect(said, "refused DISK_FULL");
    report.count("refused with DISK_FULL");
  }

  /** On a full disk, either it works or it is refused for that reason. */
  private static void expectEither(String said, String word) throws IOException {
    if (!said.startsWith("refused DISK_FULL")) {
      expect(said, word);
    }
  }

  private void end(LoopDisk disk, Child child) throws IOException, InterruptedException {
    End end = End.values()[random.nextInt(End.values().length)];
    report.count("ended by " + end.name().toLowerCase(Locale.ROOT));
    switch (end) {
      case CLOSE -> close(child);
      case KILL -> child.kill();
      case CUT -> {
        try (Cut cut = Cut.ready(disk.root())) {
          cut.now();
        }
        child.kill();
        disk.remount();
        new Ledger(scratch.resolve("ledger")).machineDied();
      }
    }
  }

  private void reopenOnFullDisk(LoopDisk disk) throws IOException, InterruptedException {
    try (Child child = Child.start(data(disk), scratch, seed, false)) {
      if (!child.isOpen()) {
        expectNoRoom(child.opening);
        report.count("openings refused");
        return;
      }
      report.count("opened on a full disk");
      work(child);
      submitUntilFull(child);
      work(child);
      if (random.nextBoolean()) {
        close(child);
      }
    }
  }

  /** What the disk has no room for must not pass for closed in order: the ring alone has it. */
  private void close(Child child) throws IOException, InterruptedException {
    String said = child.ask("close");
    if (said.startsWith("failed to close") && said.contains("no room for all of it")) {
      report.count("closed without room for all");
    } else {
      expect(said, "closed");
    }
  }

  /** There is room again. */
  private void goOn(LoopDisk disk, Child child) throws IOException, InterruptedException {
    expect(child.ask("resume"), "resumed");
    expect(child.ask("submit 200"), "submitted");
    expect(child.ask("sync"), "synced");
    expect(child.ask("work 1000"), "worked");
    checkRing(disk);
    if (random.nextBoolean()) {
      expect(child.ask("close"), "closed");
    } else {
      child.kill();
    }
  }

  /** A page of the ring without a place on the disk would be the end of whoever stores to it. */
  private void checkRing(LoopDisk disk) throws IOException, InterruptedException {
    Tool.run("sync", "-f", disk.root().toString());
    Path ring = data(disk).resolve("queues/q/ring");
    String[] found = Tool.run("stat", "-c", "%b %B", ring.toString()).split(" ", -1);
    long allocated = Long.parseLong(found[0]) * Long.parseLong(found[1]);
    if (allocated < Files.size(ring)) {
      throw new IOException(ring + " has " + allocated + " of " + Files.size(ring) + " bytes");
    }
  }

  /** The last child comes an hour later, finishes everything, and nothing is left. */
  private void finish(LoopDisk disk) throws IOException, InterruptedException {
    try (Child child = Child.start(data(disk), scratch, seed, true)) {
      expect(child.opening, "open");
      expect(child.ask("drain"), "worked");
      expect(child.ask("letters"), "letters");
      expect(child.ask("close"), "closed");
    }
    try (Child child = open(disk)) {
      if (!child.opening.contains("cleanlyClosed=true, ready=0, delayed=0")) {
        throw new IOException("everything was finished, but: " + child.opening);
      }
    }
  }

  private void checkLedger() throws IOException {
    Ledger ledger = new Ledger(scratch.resolve("ledger"));
    for (int job = 0; job < ledger.end(); job++) {
      boolean letter = ledger.is(job, Ledger.LETTER);
      if (ledger.is(job, Ledger.ACCEPTED)) {
        report.count("jobs");
        if (!letter && !ledger.is(job, Ledger.ACKED)) {
          report.fault(this + ": job " + job + " was lost");
        }
      }
      if (letter) {
        report.count("dead letters");
      } else if (ledger.is(job, Ledger.DEAD)) {
        report.fault(this + ": the dead letter of job " + job + " was lost");
      }
    }
  }
}
