package dev.bobbin.torture.child;

import dev.bobbin.torture.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link Child} from outside. Closing it kills it if it still lives. */
public final class ChildProcess implements AutoCloseable {
  /** A bound for everything that ends by itself, on the slowest machine. */
  public static final long PATIENCE_SECONDS = 300;

  private final Process process;
  private final Path errors;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  /**
   * Starts a child.
   *
   * @param under a command that is put in front of the child's, and becomes it
   * @param jvm options of its JVM
   * @param overlay folders whose classes take the place of this process's
   */
  public ChildProcess(
      ChildOptions options, List<String> under, List<String> jvm, List<Path> overlay)
      throws IOException {
    this.errors = options.logs().resolve("errors-" + options.run());
    List<String> command = new ArrayList<>(under);
    command.addAll(Jvm.command(jvm, overlay, Child.class, options.args()));
    this.process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    Thread reader = new Thread(this::readLines, "lines of child " + options.run());
    reader.setDaemon(true);
    reader.start();
  }

  private void readLines() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      // It was killed while this was reading.
    }
    // Whoever hears of the end finds it ended.
    process.onExit().join();
    lines.add(Optional.empty());
  }

  public Process process() {
    return process;
  }

  /** Waits for the child's next line, which must begin with {@code word}; returns it. */
  public String expect(String word) throws InterruptedException {
    Optional<String> line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null || line.isEmpty() || !line.get().startsWith(word)) {
      throw new ChildException(
          "a child said " + (line == null ? "nothing" : line) + " and not " + word + describe());
    }
    return line.get();
  }

  /** The child's next line, if it says one in this time and has not ended. */
  public Optional<String> nextLine(long time, TimeUnit unit) throws InterruptedException {
    Optional<String> line = lines.poll(time, unit);
    return line == null ? Optional.empty() : line;
  }

  /** Whether it ended by itself within this time. */
  public boolean endsWithin(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  /** Tells it to close the queue and end. */
  public void tellToClose() throws InterruptedException {
    try {
      process.getOutputStream().write("close\n".getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // Its pipes are gone a moment before it is known that it has ended.
      if (!endsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Waits for its end; returns its exit code. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new ChildException("a child has not ended in " + PATIENCE_SECONDS + " s" + describe());
    }
    return process.exitValue();
  }

  /** Waits for its end, which must be in order: closed, nothing failed. */
  public void awaitClosed() throws InterruptedException {
    int exit = awaitEnd();
    if (exit != 0) {
      throw new ChildException("a child ended with " + exit + describe());
    }
  }

  /** {@code SIGSTOP}: no thread of it runs until {@link #resume}. */
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** {@code SIGCONT}. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (exit != 0) {
      throw new ChildException("kill -" + name + " ended with " + exit + describe());
    }
  }

  /** {@code kill -9}; returns whether it was alive. */
  public boolean kill() throws InterruptedException {
    boolean alive = process.isAlive();
    process.destroyForcibly();
    awaitEnd();
    return alive;
  }

  /** What it wrote to standard error. */
  public String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String describe() {
    return "; standard error: " + errors();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(errors);
  }
}
