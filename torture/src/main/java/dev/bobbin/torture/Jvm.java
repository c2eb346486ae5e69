package dev.bobbin.torture;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another Java process with this one's classes. */
public final class Jvm {
  private Jvm() {}

  /** The command that runs {@code main} with these arguments. */
  public static List<String> command(List<String> options, Class<?> main, List<String> args) {
    return command(options, List.of(), main, args);
  }

  /**
   * As {@link #command(List, Class, List)}.
   *
   * @param overlay folders whose classes take the place of this process's
   */
  public static List<String> command(
      List<String> options, List<Path> overlay, Class<?> main, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
    command.addAll(options);
    StringBuilder path = new StringBuilder();
    overlay.forEach(folder -> path.append(folder).append(File.pathSeparator));
    command.addAll(List.of("-cp", path + classPath(), main.getName()));
    command.addAll(args);
    return command;
  }

  /** Surefire hides the class path in a jar's manifest, and says what it is in a property. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
