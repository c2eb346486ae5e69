package dev.bobbin.torture.owners;

import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Two processes that want one directory. Each round leaves it open in nobody's hands, with every
 * job that was submitted.
 */
final class Contest {
  static final String OPENS = "opens tried";

  private interface Round {
    void play() throws IOException, InterruptedException;
  }

  private final Path folder;
  private final Path directory;
  private final Path witness;
  private final Report report;
  private final SplittableRandom random;
  private final List<Round> rounds = new ArrayList<>();
  private final List<String> jobs = new ArrayList<>();
  private Pipe one;
  private Pipe two;
  private int copies;

  Contest(Path folder, Report report, SplittableRandom random) throws IOException {
    this.folder = folder;
    this.directory = folder.resolve("data");
    this.witness = folder.resolve("witness");
    this.report = report;
    this.random = random;
    this.one = Pipe.start(witness);
    this.two = Pipe.start(witness);
    mustOpen(one, directory);
    submit(one);
    close(one, directory);
  }

  /** Plays one of the rounds; all come before one comes again. */
  void next() throws IOException, InterruptedException {
    if (rounds.isEmpty()) {
      rounds.addAll(
          List.of(
              this::race,
              this::race,
              this::race,
              this::killed,
              this::killedWithChild,
              this::lockOfSomebodyElse,
              this::lockOverwrittenWhileHeld,
              this::lockDeletedWhileHeld,
              this::lockReplacedWhileHeld,
              this::markerDeletedWhileHeld,
              this::copied,
              this::moved,
              this::linked,
              this::verified));
      Collections.shuffle(rounds, new Random(random.nextLong()));
    }
    if (random.nextBoolean()) {
      Pipe first = one;
      one = two;
      two = first;
    }
    rounds.remove(rounds.size() - 1).play();
    report.count("rounds");
  }

  // What can be asked of a process.

  private String tried(String answer) {
    report.count(OPENS);
    report.count(answer.startsWith("opened") ? "opened" : "refused");
    return answer;
  }

  private void mustOpen(Pipe process, Path where) throws IOException {
    String answer = tried(process.call("open", where));
    if (!answer.equals("opened " + jobs.size())) {
      fault("expected to be opened with " + jobs.size() + " jobs", answer);
    }
  }

  private void mustRefuse(Pipe process, Path where) throws IOException {
    String answer = tried(process.call("open", where));
    if (!answer.startsWith("refused")) {
      fault("expected to be refused", answer);
    }
  }

  private void submit(Pipe owner) throws IOException {
    jobs.add(owner.call("submit", directory));
  }

  private void close(Pipe owner, Path where) throws IOException {
    expect("closed", owner.call("close", where));
  }

  private void expect(String expected, String answer) {
    if (!answer.equals(expected)) {
      fault("expected " + expected, answer);
    }
  }

  private void fault(String what, String answer) {
    String round = StackWalker.getInstance().walk(frames -> frames.limit(4).toList()).toString();
    report.fault(what + ", found: " + answer + " at " + round);
  }

  // The rounds.

  private void race() throws IOException {
    one.ask("open", directory);
    two.ask("open", directory);
    boolean first = tried(one.answer()).startsWith("opened");
    boolean second = tried(two.answer()).startsWith("opened");
    if (first == second) {
      fault("expected one of two to be the owner", first ? "both" : "none");
    }
    Pipe owner = first ? one : two;
    submit(owner);
    close(owner, directory);
    mustOpen(first ? two : one, directory);
    close(first ? two : one, directory);
  }

  private void killed() throws IOException, InterruptedException {
    mustOpen(one, directory);
    submit(one);
    kill();
    mustOpen(two, directory);
    close(two, directory);
  }

  private void killedWithChild() throws IOException, InterruptedException {
    mustOpen(one, directory);
    submit(one);
    long child = Long.parseLong(one.call("fork", directory));
    kill();
    mustOpen(two, directory);
    close(two, directory);
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void kill() throws IOException, InterruptedException {
    one.kill();
    report.count("owners killed");
    Files.writeString(
        witness,
        "killed " + one.pid() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    one = Pipe.start(witness);
  }

  private Path lock() {
    return directory.resolve("lock");
  }

  private String someText() {
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> "1";
      case 2 -> Long.toString(two.pid());
      case 3 -> "x".repeat(10_000);
      default -> "999999999999999999999999";
    };
  }

  private void lockOfSomebodyElse() throws IOException {
    if (random.nextInt(3) == 0) {
      Files.deleteIfExists(lock());
    } else {
      Files.writeString(lock(), someText());
    }
    mustOpen(one, directory);
    close(one, directory);
  }

  private void lockOverwrittenWhileHeld() throws IOException {
    mustOpen(one, directory);
    Files.writeString(lock(), someText());
    mustRefuse(two, directory);
    stillWorks();
    close(one, directory);
  }

  private void lockDeletedWhileHeld() throws IOException {
    mustOpen(one, directory);
    Files.delete(lock());
    mustRefuse(two, directory);
    // The first attempt has made a new file, in which nobody is.
    mustRefuse(two, directory);
    stillWorks();
    close(one, directory);
    mustOpen(two, directory);
    close(two, directory);
  }

  private void lockReplacedWhileHeld() throws IOException {
    mustOpen(one, directory);
    Path other = Files.writeString(folder.resolve("other"), someText());
    Files.move(other, lock(), StandardCopyOption.REPLACE_EXISTING);
    mustRefuse(two, directory);
    stillWorks();
    close(one, directory);
  }

  private void markerDeletedWhileHeld() throws IOException {
    mustOpen(one, directory);
    Path marker = directory.resolve("bobbin");
    byte[] content = Files.readAllBytes(marker);
    Files.delete(marker);
    String answer = tried(two.call("open", directory));
    if (!answer.startsWith("error") && !answer.startsWith("refused")) {
      fault("expected not to be opened without its marker", answer);
    }
    stillWorks();
    close(one, directory);
    Files.write(marker, content);
  }

  private void stillWorks() throws IOException {
    submit(one);
    expect(ids(), one.call("ids", directory));
  }

  private String ids() {
    return String.join(",", jobs.stream().sorted().toList());
  }

  /** A copy, of a directory at rest or of one that is open, is a directory by itself. */
  private void copied() throws IOException {
    boolean live = random.nextBoolean();
    Path copy = folder.resolve("copy-" + copies++);
    if (live) {
      mustOpen(one, directory);
    }
    copy(directory, copy);
    if (!live) {
      mustOpen(one, directory);
    }
    mustOpenCopy(copy);
    // The same queue twice: each has the jobs with their ids, and none sees what the other does.
    expect(ids(), two.call("ids", copy));
    two.call("submit", copy);
    expect(ids(), one.call("ids", directory));
    close(two, copy);
    close(one, directory);
    report.count(live ? "copies of live directories" : "copies of closed directories");
  }

  private void mustOpenCopy(Path copy) throws IOException {
    String answer = tried(two.call("open", copy));
    expect("opened " + jobs.size(), answer);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** As the directory is moved, its lock moves with it, in the owner's process too. */
  private void moved() throws IOException {
    Path moved = folder.resolve("moved");
    mustOpen(one, directory);
    Files.move(directory, moved);
    mustRefuse(two, moved);
    mustRefuse(one, moved);
    mustRefuse(two, moved);
    Files.move(moved, directory);
    stillWorks();
    close(one, directory);
  }

  private void linked() throws IOException {
    Path link = folder.resolve("link");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, directory);
    mustOpen(one, link);
    mustRefuse(two, directory);
    mustRefuse(one, directory);
    mustRefuse(two, link);
    close(one, link);
  }

  private void verified() throws IOException {
    mustOpen(one, directory);
    for (Pipe each : List.of(one, two)) {
      String answer = each.call("verify", directory);
      if (!answer.startsWith("refused")) {
        fault("expected no look at a directory that is open", answer);
      }
    }
    mustRefuse(two, directory);
    close(one, directory);
    one.ask("verify", directory);
    two.ask("verify", directory);
    expect("healthy", one.answer());
    expect("healthy", two.answer());
  }

  // The end.

  /** Who owned which directory when, as the owners themselves said. */
  void checkWitness() throws IOException {
    Map<String, String> owners = new HashMap<>();
    for (String line : Files.readAllLines(witness)) {
      String[] words = line.split(" ");
      String pid = words[1];
      switch (words[0]) {
        case "begin" -> {
          report.count("owners");
          String before = owners.put(words[2], pid);
          if (before != null) {
            report.fault(words[2] + " had two owners: " + before + " and " + pid);
          }
        }
        case "end" -> owners.remove(words[2], pid);
        default -> owners.values().removeIf(pid::equals);
      }
    }
  }

  void end() throws InterruptedException {
    for (Pipe each : List.of(one, two)) {
      if (each.isAlive()) {
        each.kill();
      }
    }
  }
}
