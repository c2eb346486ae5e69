package dev.bobbin.torture.bite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Unified diffs, applied by what their lines say and not by line numbers: a change elsewhere in a
 * file does not spoil a bug, and one that touches its lines has it fail loudly.
 */
final class Patch {
  private Patch() {}

  /** Lines that must stand in the file once, and what takes their place. */
  record Hunk(String before, String after) {}

  record FileChange(String path, List<Hunk> hunks) {}

  static List<FileChange> parse(Path file, List<String> lines) {
    List<FileChange> changes = new ArrayList<>();
    List<Hunk> hunks = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    boolean begun = false;
    for (String line : lines) {
      if (line.startsWith("--- a/") || line.startsWith("@@")) {
        flush(before, after, hunks);
      }
      if (line.startsWith("+++ b/")) {
        hunks = new ArrayList<>();
        changes.add(new FileChange(line.substring("+++ b/".length()), hunks));
        begun = true;
      } else if (begun && !line.startsWith("@@") && !line.startsWith("---")) {
        switch (line.isEmpty() ? ' ' : line.charAt(0)) {
          case ' ' -> {
            before.append(line.isEmpty() ? "" : line.substring(1)).append('\n');
            after.append(line.isEmpty() ? "" : line.substring(1)).append('\n');
          }
          case '-' -> before.append(line.substring(1)).append('\n');
          case '+' -> after.append(line.substring(1)).append('\n');
          default -> throw new IllegalStateException(file + ": not a line of a diff: " + line);
        }
      }
    }
    flush(before, after, hunks);
    if (changes.isEmpty()) {
      throw new IllegalStateException(file + " changes nothing");
    }
    return changes;
  }

  private static void flush(StringBuilder before, StringBuilder after, List<Hunk> hunks) {
    if (before.length() > 0) {
      hunks.add(new Hunk(before.toString(), after.toString()));
    }
    before.setLength(0);
    after.setLength(0);
  }

  /** The changed text of {@code change}'s file below {@code root}. */
  static String apply(FileChange change, Path root) throws IOException {
    Path file = root.resolve(change.path);
    String text = Files.readString(file);
    for (Hunk hunk : change.hunks) {
      int at = text.indexOf(hunk.before);
      if (at < 0 || text.indexOf(hunk.before, at + 1) >= 0) {
        throw new IllegalStateException(
            "the patch does not apply to %s: expected once, found %s:%n%s"
                .formatted(file, at < 0 ? "nowhere" : "twice", hunk.before));
      }
      text = text.substring(0, at) + hunk.after + text.substring(at + hunk.before.length());
    }
    return text;
  }
}
