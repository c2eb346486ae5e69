package dev.bobbin.torture.full;

import dev.bobbin.torture.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The parent's end of a {@link FullChild}. */
final class Child implements AutoCloseable {
  /** Longer than the child itself waits for anything. */
  private static final long PATIENCE_SECONDS = FullChild.LONG.toSeconds() * 3;

  private final Process process;
  private final BufferedReader output;
  private final Path errors;

  /** What it said first: {@code open}, or {@code refused} and why. */
  final String opening;

  private Child(Process process, Path errors) throws IOException, InterruptedException {
    this.process = process;
    this.errors = errors;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    boolean spoke = false;
    try {
      this.opening = line("open");
      spoke = true;
    } finally {
      if (!spoke) {
        close();
      }
    }
  }

  /** Starts a child and waits until its queue is open, or is not. */
  static Child start(Path data, Path scratch, long seed, boolean last)
      throws IOException, InterruptedException {
    Path errors = scratch.resolve("stderr");
    List<String> options =
        List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:ErrorFile=" + scratch.resolve("hs_err"));
    List<String> args =
        List.of(
            data.toString(),
            scratch.resolve("ledger").toString(),
            Long.toString(seed),
            last ? "last" : "run");
    return new Child(
        new ProcessBuilder(Jvm.command(options, FullChild.class, args))
            .redirectError(errors.toFile())
            .start(),
        errors);
  }

  boolean isOpen() {
    return opening.startsWith("open");
  }

  /** Has the child do something; returns what it answers. */
  String ask(String what) throws IOException, InterruptedException {
    process.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return line(what);
  }

  private String line(String what) throws IOException, InterruptedException {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return output.readLine();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            task -> new Thread(task, "answers").start());
    try {
      String said = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (said == null) {
        process.waitFor();
        throw new IOException(
            "the child ended with " + process.exitValue() + " at \"" + what + "\": " + errors());
      }
      return said;
    } catch (TimeoutException e) {
      throw new IOException(
          "the child has not answered to \""
              + what
              + "\" within "
              + Duration.ofSeconds(PATIENCE_SECONDS),
          e);
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private String errors() throws IOException {
    return Files.readString(errors).strip();
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
