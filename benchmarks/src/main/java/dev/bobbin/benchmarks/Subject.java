package dev.bobbin.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.bobbin.benchmarks.peer.NamedPeer;
import dev.bobbin.benchmarks.transport.Load;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A peer that is measured, in a process of its own: the parent's side of {@link Child}. */
final class Subject implements AutoCloseable {
  /** The exit status of a process that was killed. */
  private static final int KILLED = 137;

  private final Path directory;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
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
    process =
        new ProcessBuilder(command).redirectError(directory.resolve("child.log").toFile()).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = process.outputWriter(StandardCharsets.UTF_8);
    settings = answer();
  }

  private static List<String> program(NamedPeer peer, List<String> jvmOptions) throws IOException {
    List<String> command = new ArrayList<>();
    if (peer.kind() instanceof NamedPeer.Program program) {
      command.add(program.path());
    } else if (peer.kind() instanceof NamedPeer.Jvm jvm) {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(jvmOptions);
      command.addAll(jvm.options());
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    }
    return command;
  }

  /** What was set that is not the default. */
  Map<String, Object> settings() {
    return settings;
  }

  /** One round of {@link Child}. */
  Map<String, Object> ask(String question) throws IOException {
    try {
      questions.write(question);
      questions.newLine();
      questions.flush();
    } catch (IOException e) {
      throw gone(e);
    }
    Map<String, Object> answer = answer();
    if (answer.containsKey("error")) {
      throw new IOException(answer.get("error") + "; its log: " + log());
    }
    return answer;
  }

  private Map<String, Object> answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw gone(null);
    }
    return JSON.std.mapFrom(line);
  }

  private IOException gone(@Nullable IOException cause) throws IOException {
    try {
      String how =
          process.waitFor(10, TimeUnit.SECONDS)
              ? "the process has ended with " + exit(process.exitValue())
              : "the process no longer answers";
      return new IOException(how + "; its log: " + log(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new IOException("interrupted", e);
    }
  }

  private String log() throws IOException {
    String text = Files.readString(directory.resolve("child.log"));
    return text.substring(Math.max(0, text.length() - 4000));
  }

  private void closeQuestions() {
    try {
      questions.close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  private static String exit(int status) {
    return status == KILLED ? status + ", killed, as for want of memory" : "" + status;
  }

  /** Ends the process, and removes its data if it can. */
  @Override
  public void close() {
    try {
      closeQuestions();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Folders.delete(directory);
    } catch (IOException e) {
      process.destroyForcibly();
      System.err.println("bench: " + directory + " could not be removed: " + e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
