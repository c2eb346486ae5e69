package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.peer.NamedPeer;
import dev.bobbin.benchmarks.peer.Peers;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code bobbin bench --against}, as a program of its own. */
public final class Main {
  private Main() {}

  /** Runs the command. */
  public static void main(String[] args) {
    System.setProperty(
        "bobbin.queues",
        Peers.all().stream().map(NamedPeer::label).collect(Collectors.joining(", ")));
    System.exit(new CommandLine(new Against()).execute(args));
  }
}
