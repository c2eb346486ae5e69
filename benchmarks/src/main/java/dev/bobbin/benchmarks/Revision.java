package dev.bobbin.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A commit of this repository, built in a folder of its own, which runs its own {@code bench}. */
final class Revision {
  private final Path folder;

  /**
   * Checks out and builds {@code name}.
   *
   * @param repository where its sources are
   * @param name a commit, branch or tag; "." is the work tree as it is
   */
  Revision(Path repository, String name) throws IOException, InterruptedException {
    if (name.equals(".")) {
      folder = repository;
    } else {
      String commit =
          run(repository, List.of("git", "rev-parse", "--short", name + "^{commit}")).strip();
      folder = repository.resolve("target/compare").resolve(commit);
      if (!Files.exists(folder)) {
        run(
            repository,
            List.of("git", "worktree", "add", "--force", "--detach", folder.toString(), commit));
      }
    }
    run(
        folder,
        List.of(
            "mvn",
            "-B",
            "-q",
            "-pl",
            "cli",
            "-am",
            "package",
            "-Dmaven.test.skip=true",
            "-Dspotless.check.skip",
            "-Dcyclonedx.skip"));
  }

  /** One round of a row of its own table. */
  Map<String, Object> measure(String row, double seconds, Path data)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseParallelGC", "-jar"));
    command.add(folder.resolve("cli/target/bobbin-cli.jar").toString());
    command.addAll(List.of("bench", "--row", row, "--rounds", "1", "-o", "json"));
    command.addAll(List.of("--seconds", Double.toString(seconds), "--dir", data.toString()));
    Map<String, Object> result = JSON.std.mapFrom(run(folder, command));
    Map<?, ?> rate = (Map<?, ?>) Objects.requireNonNull(result.get("jobsPerSecond"), row);
    return Map.of("jobsPerSecond", Objects.requireNonNull(rate.get("median")));
  }

  private static String run(Path where, List<String> command)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("bobbin-compare", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(where.toFile())
              .redirectError(errors.toFile())
              .start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(
            String.join(" ", command)
                + " ended with "
                + status
                + ": "
                + out
                + Files.readString(errors));
      }
      return out;
    } finally {
      Files.delete(errors);
    }
  }
}
