package dev.bobbin.benchmarks.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that jobs go through, as a process of its own, on this machine's own address only. */
final class Server implements Broker {
  static final String HOST = "127.0.0.1";

  private static final long PATIENCE_SECONDS = 60;
  private static final long STOP_SECONDS = 20;
  private static final long LOOK_MILLIS = 20;

  /** Asks the server something; fails as long as it does not answer. */
  interface Question {
    void ask() throws Exception;
  }

  private final Path log;
  private final Process process;

  private Server(Path log, Process process) {
    this.log = log;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  static Server start(Path log, String... command) throws IOException {
    return start(log, Map.of(), List.of(command));
  }

  /** What it prints goes to the end of {@code log}, which is in its working directory. */
  static Server start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    return new Server(log, builder(log, environment, command).start());
  }

  /** Runs a program to its end. */
  static void run(Path log, List<String> command) throws IOException, InterruptedException {
    int status = builder(log, Map.of(), command).start().waitFor();
    if (status != 0) {
      throw new IOException(command + " ended with " + status + ": " + Files.readString(log));
    }
  }

  private static ProcessBuilder builder(
      Path log, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(log.toAbsolutePath().resolveSibling("").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return builder;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where programs are installed that are no user's business, too. */
  static String program(String name) throws IOException {
    return Programs.find(name)
        .orElseThrow(() -> new IOException("the program " + name + " is not on this machine"))
        .toString();
  }

  /** Waits until it accepts connections. */
  Server await(int port) throws IOException, InterruptedException {
    return await(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
  }

  Server await(Question question) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      try {
        question.ask();
        return this;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (!process.isAlive() || System.nanoTime() - end > 0) {
          close();
          throw new IOException("the server does not answer: " + Files.readString(log), e);
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  /** It and those that it has started. */
  @Override
  public List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private void kill() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
