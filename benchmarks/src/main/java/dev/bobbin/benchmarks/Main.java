package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.peer.NamedPeer;
import dev.bobbin.benchmarks.peer.Peers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code bobbin bench --against} and {@code bobbin bench --curves}, as a program of its own. */
public final class Main {
  private Main() {}

  /** Runs the command. */
  public static void main(String[] args) {
    System.setProperty("bobbin.queues", labels(Peers.all()));
    System.setProperty("bobbin.steps", labels(Peers.steps()));
    boolean curves =
        Arrays.stream(args).anyMatch(arg -> arg.equals("--curves") || arg.startsWith("--curves="));
    System.exit(new CommandLine(curves ? new Curves() : new Against()).execute(args));
  }

  private static String labels(List<NamedPeer> peers) {
    return peers.stream().map(NamedPeer::label).collect(Collectors.joining(", "));
  }
}
