package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.peer.NamedPeer;
import dev.bobbin.benchmarks.peer.Peers;
import dev.bobbin.benchmarks.report.Report;
import dev.bobbin.benchmarks.report.Rounds;
import dev.bobbin.benchmarks.transport.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Carries the same jobs through several queues, round by round in turns. */
@Command(
    name = "bobbin bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Carries the same jobs through several queues, side by side.", ""},
    description = {
      "",
      "Each queue is in a process of its own. In each turn every queue in the list carries jobs for a "
          + "round: opened anew, warmed up for a second, then measured. A round counts only if every "
          + "job arrived with every byte right.",
      ""
    },
    footer = {
      "",
      "Queues: ${bobbin.queues}.",
      "Steps of a queue, with one producer and one worker: ${bobbin.steps}.",
      "",
      "Exit status: 0 measured; 1 one of them failed; 2 wrong usage."
    })
final class Against extends Measuring {
  @Option(
      names = "--against",
      arity = "0..1",
      fallbackValue = "all",
      split = ",",
      paramLabel = "NAME",
      description = "These queues besides Bobbin, by name; all that are here without a name.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds for each, after one that does not count; ${DEFAULT-VALUE} by default.")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long producers submit in a round; ${DEFAULT-VALUE} by default.")
  private double seconds = 5;

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      description = "Size of a job, 16 to 16777216; ${DEFAULT-VALUE} by default.")
  private int payloadBytes = 100;

  @Option(
      names = "--producers",
      paramLabel = "N",
      description = "Threads that submit, 1 to 255; ${DEFAULT-VALUE} by default.")
  private int producers = 1;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that handle, 1 to 255; ${DEFAULT-VALUE} by default.")
  private int workers = 1;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Jobs that a worker takes at once at most; ${DEFAULT-VALUE} by default.")
  private int batch = 256;

  @Option(
      names = "--pace",
      paramLabel = "RATE",
      description = "Submit at this many jobs a second and measure the time to the handler.")
  private @Nullable Double pace;

  @Option(
      names = "--rest",
      description =
          "With --pace: the producer sleeps while no job is due, a millisecond at a time. For the "
              + "queue's own processor time; jobs are late.")
  private boolean rest;

  Against() {
    // All of them are there at once.
    super("-XX:+UseParallelGC", "-Xmx1g");
  }

  @Override
  public Integer call() throws Exception {
    Load load = load();
    List<NamedPeer> chosen = chosen();
    Files.createDirectories(directory());
    String paced = (rest ? "rest " : "latency ") + pace;
    String question = (pace == null ? "throughput" : paced) + " " + seconds;
    List<Contest> running = new ArrayList<>();
    try {
      for (NamedPeer peer : chosen) {
        Subject subject = new Subject(peer, load, jvmOptions(), directory());
        running.add(
            new Contest(subject, new Rounds(peer.label(), peer.what(), subject.settings())));
      }
      for (int turn = 0; turn <= rounds; turn++) {
        boolean counts = turn > 0;
        running.removeIf(contest -> !measure(contest, question, counts));
      }
    } finally {
      for (Contest contest : running) {
        contest.subject.close();
      }
    }
    List<Rounds> results = running.stream().map(Contest::rounds).toList();
    Report all = new Report(load, pace, results, facts(), command());
    all.table().forEach(System.out::println);
    Path report = report();
    if (report != null) {
      all.write(report);
    }
    return results.size() == chosen.size() ? 0 : 1;
  }

  private record Contest(Subject subject, Rounds rounds) {}

  /** Returns whether it goes on: one that fails is left out. */
  private static boolean measure(Contest contest, String question, boolean counts) {
    String label = contest.rounds.label();
    try {
      Map<String, Object> round = contest.subject.ask(question);
      say(label + ": " + Rounds.words(round) + (counts ? "" : " (does not count)"));
      if (counts) {
        contest.rounds.add(round);
      }
      return true;
    } catch (IOException e) {
      say(label + " is left out: " + e.getMessage());
      contest.subject.close();
      return false;
    }
  }

  private Load load() {
    if (rest && pace == null) {
      throw wrong("--rest is for --pace RATE, which is not there");
    }
    if (pace != null && (!(pace > 0) || producers != 1)) {
      throw wrong("--pace must be positive, with one producer; found " + pace + ", " + producers);
    }
    if (rounds < 1 || !(seconds > 0)) {
      throw wrong("--rounds and --seconds must be positive, found " + rounds + " and " + seconds);
    }
    try {
      return new Load(payloadBytes, producers, workers, batch);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private List<NamedPeer> chosen() {
    NamedPeer first = named(pace == null ? "bobbin" : "bobbin-each");
    List<NamedPeer> others =
        names.isEmpty() || names.contains("all")
            ? Peers.all()
            : names.stream().map(this::named).toList();
    List<NamedPeer> here = new ArrayList<>();
    for (NamedPeer peer : Stream.concat(Stream.of(first), others.stream()).distinct().toList()) {
      Optional<String> missing = peer.missing();
      if (missing.isPresent()) {
        say(peer.label() + " is left out: " + missing.get());
      } else {
        here.add(peer);
      }
    }
    return here;
  }

  private NamedPeer named(String label) {
    return Peers.named(label)
        .orElseThrow(
            () -> {
              String known =
                  Peers.all().stream().map(NamedPeer::label).collect(Collectors.joining(", "));
              return wrong("--against must be among " + known + "; found '" + label + "'");
            });
  }
}
