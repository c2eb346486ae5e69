package dev.bobbin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The packaged command line as a process, with the Java that runs the tests. */
public final class Cli {
  private static final long LIMIT_SECONDS = 120;

  private final ProcessBuilder builder = new ProcessBuilder();
  private final List<String> javaOptions = new ArrayList<>();
  private final Path out;
  private final Path err;

  /** Keeps what the process prints in {@code scratch}, which belongs to the test. */
  public Cli(Path scratch) throws IOException {
    out = Files.createTempFile(scratch, "stdout", "");
    err = Files.createTempFile(scratch, "stderr", "");
    input(Path.of("/dev/null"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("NO_COLOR", "BOBBIN_DEBUG", "CLICOLOR_FORCE"));
  }

  /** What happened. */
  public record Finished(int status, byte[] bytes, String err) {
    public String out() {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public String utf8() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    public List<String> lines() {
      return out().lines().toList();
    }

    /** Standard output as an array of JSON objects. */
    public List<Map<String, Object>> objects() throws IOException {
      List<Map<String, Object>> objects = new ArrayList<>();
      ((List<?>) JSON.std.anyFrom(utf8())).forEach(object -> objects.add(members(object)));
      return objects;
    }

    /** Standard output as a JSON object on each line. */
    public List<Map<String, Object>> objectPerLine() throws IOException {
      List<Map<String, Object>> objects = new ArrayList<>();
      for (String line : utf8().lines().toList()) {
        objects.add(JSON.std.mapFrom(line));
      }
      return objects;
    }
  }

  /** The members of a JSON object. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> members(Object object) {
    return (Map<String, Object>) object;
  }

  public Cli input(Path file) {
    builder.redirectInput(file.toFile());
    return this;
  }

  public Cli input(byte[] bytes) throws IOException {
    Path file = out.resolveSibling(out.getFileName() + ".in");
    return input(Files.write(file, bytes));
  }

  public Cli input(String text) throws IOException {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  public Cli inputFromPipe() {
    builder.redirectInput(ProcessBuilder.Redirect.PIPE);
    return this;
  }

  public Cli environment(String name, String value) {
    builder.environment().putAll(Map.of(name, value));
    return this;
  }

  public Cli in(Path directory) {
    builder.directory(directory.toFile());
    return this;
  }

  public Cli java(String option) {
    javaOptions.add(option);
    return this;
  }

  public Finished run(String... arguments) throws IOException, InterruptedException {
    return start(arguments).finish();
  }

  public Running start(String... arguments) throws IOException {
    List<String> words = new ArrayList<>();
    // Whoever runs the tests in the background has them ignore Ctrl-C, and that would be inherited.
    words.addAll(List.of("env", "--default-signal=INT,TERM,HUP"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(javaOptions);
    words.addAll(List.of("-jar", System.getProperty("bobbin.cli.jar")));
    words.addAll(List.of(arguments));
    return new Running(builder.command(words).start());
  }

  /** The command line without a process of its own: quicker, where nothing depends on it. */
  public static Finished call(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    return new Finished(status, out.toString().getBytes(StandardCharsets.UTF_8), err.toString());
  }

  /** Runs another program than the jar. */
  public Finished runProgram(String... words) throws IOException, InterruptedException {
    return new Running(builder.command(words).start()).finish();
  }

  /** A process on its way. */
  public final class Running {
    private final Process process;

    private Running(Process process) {
      this.process = process;
      // A test that fails half-way must not leave anything running.
      Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }

    public OutputStream stdin() {
      return process.getOutputStream();
    }

    public long pid() {
      return process.pid();
    }

    public boolean alive() {
      return process.isAlive();
    }

    public void signal(String name) throws IOException, InterruptedException {
      Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
      assertThat(kill.waitFor()).as("kill -" + name).isZero();
    }

    /** Waits until standard error holds {@code text}. */
    public void awaitErr(String text) throws InterruptedException {
      await("'" + text + "' on standard error", () -> text(err).contains(text));
    }

    /**
     * Looks until {@code condition} holds; fails when the process ends before or takes too long.
     */
    public void await(String what, BooleanSupplier condition) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (!condition.getAsBoolean()) {
        boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
        if ((ended && !condition.getAsBoolean()) || System.nanoTime() > end) {
          kill();
          throw new AssertionError("no " + what + "; standard error:\n" + text(err));
        }
      }
    }

    public Finished finish() throws IOException, InterruptedException {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError("still running; standard error:\n" + text(err));
      }
      return new Finished(process.exitValue(), Files.readAllBytes(out), text(err));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      // Somebody is in the middle of a letter.
      return "";
    }
  }

  /** {@code from} to {@code to}, a number a line. */
  public static String numbers(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append(i).append('\n');
    }
    return text.toString();
  }

  /** Writes a shell script that tests hand over as COMMAND. */
  public static String script(Path scratch, String text) throws IOException {
    Path script = Files.createTempFile(scratch, "command", ".sh");
    Files.writeString(script, "#!/bin/sh\n" + text + "\n");
    File file = script.toFile();
    assertThat(file.setExecutable(true)).isTrue();
    return script.toString();
  }
}
