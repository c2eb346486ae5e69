package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Peer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A queue that can be measured.
 *
 * @param label its name on the command line
 * @param what what it is, for the report
 * @param maker makes one, to be used in this process
 * @param jvmOptions what its own documents ask for
 * @param program a program that has to be on this machine; empty if none
 */
public record NamedPeer(
    String label,
    String what,
    Supplier<Peer> maker,
    List<String> jvmOptions,
    Optional<String> program) {
  NamedPeer(String label, String what, Supplier<Peer> maker) {
    this(label, what, maker, List.of(), Optional.empty());
  }

  NamedPeer needs(String newProgram) {
    return new NamedPeer(label, what, maker, jvmOptions, Optional.of(newProgram));
  }

  NamedPeer with(List<String> options) {
    return new NamedPeer(label, what, maker, options, program);
  }

  /** What is not on this machine, in words; empty if it can be measured. */
  public Optional<String> missing() {
    return program
        .filter(name -> Programs.find(name).isEmpty())
        .map(name -> "the program " + name + " is not on this machine");
  }
}
