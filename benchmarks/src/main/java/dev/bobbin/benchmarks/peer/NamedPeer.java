package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A queue that can be measured.
 *
 * @param label its name on the command line
 * @param what what it is, for the report
 * @param kind what its process runs
 * @param programs what has to be on this machine
 */
public record NamedPeer(String label, String what, Kind kind, List<String> programs) {
  /** What the process runs in which a peer is measured. */
  public sealed interface Kind {}

  /**
   * A class of ours, in a JVM.
   *
   * @param maker makes one, to be used in this process
   * @param options for the JVM, which its own documents ask for
   */
  public record Jvm(Supplier<Peer> maker, List<String> options) implements Kind {}

  /**
   * A program of its own, which makes and counts its jobs itself, and takes the same arguments and
   * answers the same lines as the JVM does.
   */
  @FunctionalInterface
  public non-sealed interface Program extends Kind {
    /** Its path and its name; builds it if that is needed. */
    String path() throws IOException;
  }

  NamedPeer(String label, String what, Supplier<Peer> maker) {
    this(label, what, new Jvm(maker, List.of()), List.of());
  }

  NamedPeer needs(String program) {
    List<String> all = new ArrayList<>(programs);
    all.add(program);
    return new NamedPeer(label, what, kind, List.copyOf(all));
  }

  /** Makes one, to be used in this process. */
  public Peer make() {
    if (kind instanceof Jvm jvm) {
      return jvm.maker.get();
    }
    throw new IllegalStateException(label + " is a program of its own");
  }

  /** What is not on this machine, in words; empty if it can be measured. */
  public Optional<String> missing() {
    return programs.stream()
        .filter(name -> Programs.find(name).isEmpty())
        .findFirst()
        .map(name -> "the program " + name + " is not on this machine");
  }
}
