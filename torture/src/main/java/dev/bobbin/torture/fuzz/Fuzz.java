package dev.bobbin.torture.fuzz;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Jvm;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.corrupt.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the fuzzer on every reader, two processes at a time. */
@Command(
    name = "fuzz",
    description = "Looks for bytes that a reader does not bear, guided by coverage.")
public final class Fuzz extends Campaign {
  private static final int PROCESSES = 2;
  private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";

  @Option(
      names = "--target",
      paramLabel = "NAME",
      defaultValue = "all",
      description = "frame, block, segment, ring, codec, identity, verify, or all (the default).")
  String target = "all";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "600",
      description = "How long each target is fuzzed (default ${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Only gives this input to the target, without the fuzzer.")
  @Nullable Path input;

  @Override
  protected Report run(long seed) throws Exception {
    List<Target> targets =
        target.equals("all")
            ? Arrays.asList(Target.values())
            : List.of(Target.valueOf(target.toUpperCase(Locale.ROOT)));
    if (input != null) {
      return replay(targets, input);
    }
    if (!isSupported()) {
      return Report.skipped(
          "Jazzer has no native part for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch"));
    }
    return fuzz(targets, seed);
  }

  private static Report replay(List<Target> targets, Path input) throws IOException {
    byte[] bytes = Files.readAllBytes(input);
    Report report = new Report();
    for (Target each : targets) {
      report.count("inputs");
      try {
        each.call.accept(bytes);
      } catch (RuntimeException | Error e) {
        report.fault(each + ": " + e + " at " + Arrays.asList(e.getStackTrace()).get(0));
      }
    }
    return report;
  }

  private static boolean isSupported() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "");
    boolean x64 = arch.equals("amd64") || arch.equals("x86_64");
    boolean arm = arch.equals("aarch64");
    return os.contains("win") ? x64 : (os.contains("linux") || os.contains("mac")) && (x64 || arm);
  }

  private Report fuzz(List<Target> targets, long seed) throws Exception {
    Report report = new Report();
    Path scratch = Scratch.memory("bobbin-fuzz");
    Seeds seeds = new Seeds(scratch.resolve("sample"));
    Deque<Target> left = new ArrayDeque<>(targets);
    List<Run> running = new ArrayList<>();
    while (!left.isEmpty() || !running.isEmpty()) {
      while (running.size() < PROCESSES && !left.isEmpty()) {
        running.add(begin(left.remove(), seeds, scratch, seed));
      }
      running.remove(0).end(report);
    }
    if (report.isClean()) {
      Scratch.delete(scratch);
    }
    return report;
  }

  private Run begin(Target each, Seeds seeds, Path scratch, long seed) throws IOException {
    Path folder = Files.createDirectories(scratch.resolve(each.name().toLowerCase(Locale.ROOT)));
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    int number = 0;
    for (byte[] one : each.seeds.apply(seeds)) {
      Files.write(corpus.resolve("seed" + number++), one);
    }
    List<String> args =
        List.of(
            "--target_class=" + each.type.getName(),
            "--instrumentation_includes=dev.bobbin.**",
            "--instrumentation_excludes=dev.bobbin.torture.**",
            "--reproducer_path=" + folder,
            corpus.toString(),
            "-artifact_prefix=" + folder + "/",
            "-max_total_time=" + seconds,
            "-max_len=" + Seeds.MAX_BYTES,
            // Whatever takes as long hangs, on the slowest of machines.
            "-timeout=300",
            "-print_final_stats=1",
            "-seed=" + Math.max(1, seed & 0x7FFFFFFF));
    return Run.start(each, folder, Jvm.command(options(), driver(), args));
  }

  /** What newer Java versions warn of if it is not allowed by name. */
  private static List<String> options() {
    List<String> options = new ArrayList<>(List.of("-Xmx512m"));
    int version = Runtime.version().feature();
    if (version >= 21) {
      options.add("-XX:+EnableDynamicAgentLoading");
    }
    if (version >= 22) {
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    if (version >= 24) {
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return options;
  }

  private static Class<?> driver() throws IOException {
    try {
      return Class.forName(FUZZER, false, Fuzz.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IOException("the fuzzer is not on the class path", e);
    }
  }
}
