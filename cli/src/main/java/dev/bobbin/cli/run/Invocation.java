package dev.bobbin.cli.run;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to start, and what to write to its standard input.
 *
 * <p>The command is started through {@code sh}, which makes it ignore the terminal's Ctrl-C: that
 * is for us, and we let the command finish. Every {@code exec} is there so that a command named
 * like one of the shell's own is not taken for it.
 */
final class Invocation {
  private static final String SHIELD = "trap '' INT QUIT; ";
  private static final String DIRECT = SHIELD + "exec \"$@\"";

  /**
   * xargs would fold the command's exit status into a few of its own, so it goes through a file.
   */
  private static final String THROUGH_XARGS =
      SHIELD
          + "exec xargs -0 -x -n 5000 -s 262144"
          + " sh -c 'f=$1; shift; (exec \"$@\") </dev/null; echo $? >\"$f\"' sh \"$@\"";

  private final List<String> words;
  private final byte[] input;

  private Invocation(List<String> words, byte[] input) {
    this.words = words;
    this.input = input;
  }

  /** The program and its arguments. */
  List<String> words() {
    return words;
  }

  /** What goes to its standard input; empty for none. */
  byte[] input() {
    return input;
  }

  /** The jobs as lines of the command's standard input. */
  static Invocation lines(List<String> command, List<byte[]> jobs, byte delimiter) {
    return new Invocation(shell(DIRECT, command, List.of()), joined(jobs, delimiter));
  }

  /**
   * Whether {@link #arguments} can carry the jobs: Java encodes arguments by the locale, which may
   * lack some bytes.
   */
  static boolean plain(List<byte[]> jobs) {
    for (byte[] job : jobs) {
      for (byte b : job) {
        if (b < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** The jobs, which are {@link #plain}, as further arguments. */
  static Invocation arguments(List<String> command, List<byte[]> jobs) {
    List<String> arguments = new ArrayList<>();
    jobs.forEach(job -> arguments.add(new String(job, StandardCharsets.US_ASCII)));
    return new Invocation(shell(DIRECT, command, arguments), new byte[0]);
  }

  /**
   * The jobs as further arguments, byte for byte; {@code status} gets the command's exit status.
   */
  static Invocation argumentBytes(List<String> command, List<byte[]> jobs, Path status) {
    return new Invocation(
        shell(THROUGH_XARGS, List.of(status.toString()), command), joined(jobs, (byte) 0));
  }

  private static List<String> shell(String script, List<String> first, List<String> then) {
    List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    words.addAll(first);
    words.addAll(then);
    return words;
  }

  private static byte[] joined(List<byte[]> jobs, byte delimiter) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] job : jobs) {
      all.writeBytes(job);
      all.write(delimiter);
    }
    return all.toByteArray();
  }
}
