package dev.bobbin.torture.bite;

import dev.bobbin.torture.Jvm;
import dev.bobbin.torture.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One campaign run on a bug, or on none: a process of its own. */
record Trial(String bug, String campaign, Result result, String said, long seconds) {
  enum Result {
    CAUGHT,
    /** The campaign found nothing wrong. */
    MISSED,
    /** It did not end in time. A planted bug may do that, but nobody was told of a fault. */
    HUNG,
    /** It cannot run here. */
    SKIPPED,
    /** It broke in another way than by a fault. */
    BROKEN
  }

  /** Short runs: what the second compiler costs, they do not earn. */
  private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1");

  private static final int PASSED = 0;
  private static final int FAULT = 1;
  private static final int NOT_HERE = 3;

  /** Runs {@code campaign} with {@code overlay} ahead of the class path. */
  static Trial run(
      String bug, List<Path> overlay, String campaign, List<String> args, long limitSeconds)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(args);
    all.add(0, campaign);
    Path output = Files.createTempFile("bobbin-bite", ".log");
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(Jvm.command(OPTIONS, overlay, Main.class, all))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
      String said = ended ? said(output) : "no end within " + limitSeconds + " s";
      return new Trial(bug, campaign, result(process, ended), said, seconds);
    } finally {
      // Its children end when their standard input does, but not those that are stuck.
      try (Stream<ProcessHandle> left = process.descendants()) {
        left.forEach(ProcessHandle::destroyForcibly);
      }
      process.destroyForcibly().waitFor();
      Files.delete(output);
    }
  }

  private static Result result(Process process, boolean ended) {
    if (!ended) {
      return Result.HUNG;
    }
    return switch (process.exitValue()) {
      case PASSED -> Result.MISSED;
      case FAULT -> Result.CAUGHT;
      case NOT_HERE -> Result.SKIPPED;
      default -> Result.BROKEN;
    };
  }

  /** The first fault, or what came last before the end. */
  private static String said(Path output) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
    return lines.stream()
        .filter(line -> line.contains("FAULT") || line.contains("Exception"))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.get(lines.size() - 1))
        .strip();
  }
}
