package dev.bobbin.cli.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java that runs this, and how many files a process may open. */
final class Machine {
  /** What a JVM and its program open beside the queues, at the least. */
  private static final long SPARE_FILES = 200;

  private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d+) ");

  private Machine() {}

  static List<Finding> look(Site site) {
    return List.of(java(), openFiles(site));
  }

  private static Finding java() {
    return Finding.ok(
            "java",
            System.getProperty("java.runtime.version")
                + " ("
                + System.getProperty("java.vendor")
                + ") on "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version"))
        .with("javaVersion", System.getProperty("java.version"));
  }

  private static Finding openFiles(Site site) {
    long needed =
        site.segments().values().stream().mapToLong(sizes -> sizes.size() + 1).sum() + SPARE_FILES;
    if (site.holder().isPresent()) {
      long pid = site.holder().getAsLong();
      long limit = limitOf(pid);
      return limit < 0
          ? Finding.ok("open files", "the limit of process " + pid + " cannot be seen from here")
          : openFiles(limit, needed, site.segments().size(), "process " + pid);
    }
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? openFiles(
            unix.getMaxFileDescriptorCount(), needed, site.segments().size(), "this process")
        : Finding.ok("open files", "this system does not tell its limit");
  }

  static Finding openFiles(long limit, long needed, int queues, String whose) {
    String found =
        String.format(
            Locale.ROOT,
            "%s may open %,d; %,d queue%s and a program around need about %,d",
            whose,
            limit,
            queues,
            queues == 1 ? "" : "s",
            needed);
    String advice = "raise the limit of the program (ulimit -n, LimitNOFILE= of its service)";
    Finding finding =
        limit < needed
            ? Finding.fail("open files", found, advice)
            : limit < 2 * needed
                ? Finding.warn("open files", found, advice)
                : Finding.ok("open files", found);
    return finding.with("openFilesLimit", limit).with("openFilesNeeded", needed);
  }

  /** How many files another process may open now, -1 if that is not ours to see. */
  private static long limitOf(long pid) {
    try {
      Matcher line = OPEN_FILES.matcher(Files.readString(Path.of("/proc/" + pid + "/limits")));
      return line.find() ? Long.parseLong(line.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
