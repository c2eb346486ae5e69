package dev.bobbin.torture.bite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A planted bug: a file {@code torture/bugs/NAME.patch}, a unified diff below a few lines that say
 * what it breaks. The order of the campaigns is that of their chances; the first one alone is tried
 * in {@code mvn verify}.
 *
 * <pre>
 *   breaks: the journal is written and never forced
 *   invariant: 1: survives the machine
 *   caught by: torn machine
 *
 *   --- a/core/src/main/java/...
 * </pre>
 *
 * <p>A line {@code in torn: --states 600 --scenarios 60} has that campaign run with these options
 * on this bug, and not with those of {@link Slices}.
 *
 * @param sizes those lines, by campaign
 * @param blind why no campaign can find it, if none can: the line {@code blind:}; empty otherwise
 */
record Bug(
    String name,
    String breaks,
    String invariant,
    List<String> campaigns,
    Map<String, List<String>> sizes,
    String blind,
    List<Patch.FileChange> changes) {
  private static final String SUFFIX = ".patch";
  private static final Pattern SIZE = Pattern.compile("in ([a-z]+): (.+)");

  /** All bugs in {@code folder}, in alphabetical order. */
  static List<Bug> readAll(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
    List<Bug> bugs = new ArrayList<>();
    for (Path file : files) {
      bugs.add(read(file));
    }
    return bugs;
  }

  private static Bug read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String name = file.getFileName().toString();
    return new Bug(
        name.substring(0, name.length() - SUFFIX.length()),
        field(lines, "breaks:", file),
        field(lines, "invariant:", file),
        List.of(field(lines, "caught by:", file).split(" +")),
        sizes(lines),
        lines.stream().anyMatch(line -> line.startsWith("blind:"))
            ? field(lines, "blind:", file)
            : "",
        Patch.parse(file, lines));
  }

  private static Map<String, List<String>> sizes(List<String> lines) {
    Map<String, List<String>> sizes = new HashMap<>();
    for (String line : lines) {
      Matcher size = SIZE.matcher(line);
      if (size.matches()) {
        sizes.put(size.group(1), List.of(size.group(2).split(" +")));
      }
    }
    return sizes;
  }

  private static String field(List<String> lines, String name, Path file) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .map(line -> line.substring(name.length()).strip())
        .orElseThrow(() -> new IllegalStateException(file + " has no line \"" + name + "\""));
  }
}
