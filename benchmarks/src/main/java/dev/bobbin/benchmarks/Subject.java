package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.peer.NamedPeer;
import dev.bobbin.benchmarks.transport.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A peer that is measured, in a process of its own: the parent's side of {@link Child}. */
final class Subject implements AutoCloseable {
  private final Path directory;
  private final Asked process;
  private final Map<String, Object> settings;

  /**
   * Starts the process.
   *
   * @param parent a folder for its data, which is removed afterwards
   */
  Subject(NamedPeer peer, Load load, List<String> jvmOptions, Path parent) throws IOException {
    directory = Files.createTempDirectory(parent, "bobbin-bench-" + peer.label() + "-");
    List<String> command = program(peer, jvmOptions);
    command.addAll(List.of(peer.label(), directory.toString()));
    for (int number :
        new int[] {load.payloadBytes(), load.producers(), load.workers(), load.batch()}) {
      command.add(Integer.toString(number));
    }
    process = new Asked(command, directory.resolve("child.log"));
    settings = process.answer();
  }

  private static List<String> program(NamedPeer peer, List<String> jvmOptions) throws IOException {
    if (peer.kind() instanceof NamedPeer.Program program) {
      return new ArrayList<>(List.of(program.path()));
    }
    List<String> options = new ArrayList<>(jvmOptions);
    if (peer.kind() instanceof NamedPeer.Jvm jvm) {
      options.addAll(jvm.options());
    }
    return Asked.java(options, Child.class);
  }

  /** What was set that is not the default. */
  Map<String, Object> settings() {
    return settings;
  }

  /** One round of {@link Child}. */
  Map<String, Object> ask(String question) throws IOException {
    return process.ask(question);
  }

  /** Ends the process, and removes its data if it can. */
  @Override
  public void close() {
    process.close();
    try {
      Folders.delete(directory);
    } catch (IOException e) {
      System.err.println("bench: " + directory + " could not be removed: " + e);
    }
  }
}
