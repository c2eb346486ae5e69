package dev.bobbin.torture.races;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child process, read line by line; what it says is kept in a file, too. */
final class Child implements AutoCloseable {
  /** What {@link #line} gives at the end. */
  static final String END = "\0";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  Child(List<String> command, Path folder, String log) throws IOException {
    Files.createDirectories(folder);
    process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    Thread reader = new Thread(() -> read(folder.resolve(log)), "reader of " + log);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Path log) {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
        var out = Files.newBufferedWriter(log, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(line);
        out.newLine();
        out.flush();
        lines.add(line);
      }
    } catch (IOException e) {
      // It was ended; whoever waits learns that there is no more.
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      lines.add(END);
    }
  }

  /** The next line, {@link #END} after the last, null if none comes in time. */
  @Nullable String line(long nanos) throws InterruptedException {
    return lines.poll(Math.max(1, nanos), TimeUnit.NANOSECONDS);
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends it and what it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
