package dev.bobbin.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
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

/**
 * A process that answers each line with a line of JSON: the parent's side of {@link Answers}. For
 * one thread.
 */
final class Asked implements AutoCloseable {
  /** The exit status of a process that was killed. */
  private static final int KILLED = 137;

  private final Path log;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;

  /** Starts the process; what it prints besides its answers goes to {@code log}. */
  Asked(List<String> command, Path log) throws IOException {
    this.log = log;
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** The command that runs a class of ours in a JVM like this one. */
  static List<String> java(List<String> jvmOptions, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  /** Asks and waits for the answer. */
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

  /** Waits for an answer to nothing: the process speaks first. */
  Map<String, Object> answer() throws IOException {
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
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 4000));
  }

  private static String exit(int status) {
    return status == KILLED ? status + ", killed, as for want of memory" : "" + status;
  }

  /** Ends the process. */
  @Override
  public void close() {
    try {
      questions.close();
    } catch (IOException e) {
      // It has ended already.
    }
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
