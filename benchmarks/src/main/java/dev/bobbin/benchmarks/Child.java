package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.peer.Peers;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Measured;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Session;
import dev.bobbin.benchmarks.transport.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process in which one peer is measured. Reads a line for each round and answers with a line of
 * JSON; ends with its input. Each round has a queue of its own, which first carries jobs that do
 * not count; between rounds none is open, so that nothing spins while others are measured.
 *
 * <pre>
 *   throughput SECONDS
 *   latency JOBS_PER_SECOND SECONDS    the producer spins while no job is due
 *   rest JOBS_PER_SECOND SECONDS       it sleeps
 * </pre>
 */
final class Child {
  /** How long a queue is in use before it is measured. */
  private static final double WARM_UP_SECONDS = 1;

  private final Peer peer;
  private final Load load;
  private final Path directory;
  private int rounds;

  private Child(Peer peer, Load load, Path directory) {
    this.peer = peer;
    this.load = load;
    this.directory = directory;
  }

  /**
   * Measures until its input ends.
   *
   * @param args the peer's name, a directory that is there, payload bytes, producers, workers and
   *     batch
   */
  public static void main(String[] args) throws Exception {
    Answers answers = new Answers();
    int[] numbers = new int[4];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Integer.parseInt(args[i + 2]);
    }
    Load load = new Load(numbers[0], numbers[1], numbers[2], numbers[3]);
    try (Peer peer = Peers.named(args[0]).orElseThrow().make()) {
      Child child = new Child(peer, load, Path.of(args[1]));
      answers.say(peer.settings());
      answers.give(words -> child.round(words).json());
    }
    System.exit(0);
  }

  private Measured round(String[] words) throws Exception {
    Path own = Files.createDirectory(directory.resolve("round-" + rounds++));
    try (Session session = new Session(peer, load, own)) {
      if (!words[0].equals("throughput")) {
        Waiting waiting = words[0].equals("rest") ? Waiting.RESTING : Waiting.SPINNING;
        double rate = Double.parseDouble(words[1]);
        session.paced(rate, WARM_UP_SECONDS, waiting);
        return session.paced(rate, Double.parseDouble(words[2]), waiting);
      }
      session.asFastAsPossible(WARM_UP_SECONDS);
      return session.asFastAsPossible(Double.parseDouble(words[1]));
    } finally {
      Folders.delete(own);
    }
  }
}
