package dev.bobbin.cli.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a probe in a JVM of its own, with a heap of a stated size. */
final class Child {
  private Child() {}

  /**
   * Returns what the probe printed, by name.
   *
   * @throws IllegalStateException if it fails; it says why on standard error
   */
  static Map<String, Object> run(Class<?> probe, int heapMiB, Object... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMiB + "m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), probe.getName()));
    for (Object arg : args) {
      command.add(String.valueOf(arg));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          probe.getSimpleName() + " ended with status " + status + ": see above");
    }
    return JSON.std.mapFrom(printed);
  }

  static double number(Map<String, Object> figures, String name) {
    Object value = figures.get(name);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalStateException("no " + name + " in " + figures);
  }
}
