package dev.bobbin.torture.owners;

import dev.bobbin.torture.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** An {@link Owner} in a process of its own, as its parent sees it. */
final class Pipe {
  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;

  private Pipe(Process process) {
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Pipe start(Path witness) throws IOException {
    return new Pipe(
        new ProcessBuilder(
                Jvm.command(
                    List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                    Owner.class,
                    List.of(witness.toString())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Says what to do; {@link #answer} must follow. */
  void ask(String verb, Path where) {
    in.println(verb + " " + where);
  }

  String answer() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("process " + pid() + " ended without an answer");
    }
    return line;
  }

  String call(String verb, Path where) throws IOException {
    ask(verb, where);
    return answer();
  }

  long pid() {
    return process.pid();
  }

  /** {@code kill -9}; returns when the process is gone, and its locks with it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }
}
