package dev.bobbin.cli.bench;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a number depends on beside the program. */
public final class Machine {
  private Machine() {}

  public static List<String> facts(Path dir) {
    return List.of(
        "machine: "
            + Runtime.getRuntime().availableProcessors()
            + " processors, "
            + processor()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version"),
        "java: "
            + System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.runtime.version")
            + ", "
            + collectors(),
        "directory: " + dir + " (" + fileSystem(dir) + ")");
  }

  private static String collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .map(GarbageCollectorMXBean::getName)
        .collect(Collectors.joining(", "));
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 2))
          .orElse(System.getProperty("os.arch", ""));
    } catch (IOException e) {
      return System.getProperty("os.arch", "");
    }
  }

  private static String fileSystem(Path dir) {
    try {
      String type = Files.getFileStore(dir).type();
      return type.equals("tmpfs") ? "tmpfs: no disk, give one with --dir" : type;
    } catch (IOException e) {
      return "unknown file system";
    }
  }
}
