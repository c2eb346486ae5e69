package dev.bobbin.cli.run;

import static dev.bobbin.cli.run.Snapshot.say;

import dev.bobbin.DeadLetter;
import dev.bobbin.QueueStatus;
import dev.bobbin.cli.output.Plain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words that close a run. */
final class Summary {
  /** Enough to see what is wrong; the queue keeps all. */
  static final int DEAD_LETTERS_SHOWN = 5;

  private static final int PAYLOAD_CHARS = 200;

  private final @Nullable Path dir;

  Summary(@Nullable Path dir) {
    this.dir = dir;
  }

  /** Numbers, for whoever wants to know. */
  String numbers(Snapshot end) {
    QueueStatus status = end.status();
    double seconds = end.elapsed().toNanos() / 1e9;
    String where = dir == null ? "in memory, nothing was kept" : "jobs kept in " + dir;
    return say(
        "%,d done, %,d dead, %,d retried in %.1f s (%,.0f/s; %s)",
        status.totals().acked(),
        status.counts().dead(),
        status.totals().retried(),
        seconds,
        end.perSecond(),
        where);
  }

  /** What is wrong with the jobs that were set aside, and where they are. */
  List<String> deadLetters(long count, long fromBefore, List<DeadLetter> oldest) {
    List<String> lines = new ArrayList<>();
    String before = fromBefore > 0 ? say(" (%,d from earlier runs)", fromBefore) : "";
    String where = dir == null ? "gone with this process" : "kept in " + dir;
    lines.add(say("%,d left as dead letters%s, %s:", count, before, where));
    for (DeadLetter letter : oldest) {
      lines.add(
          say(
              "  %s after %,d attempt%s: %s",
              Plain.line(new String(letter.payload(), StandardCharsets.UTF_8), PAYLOAD_CHARS),
              letter.attempts(),
              letter.attempts() == 1 ? "" : "s",
              Plain.line(letter.reason(), PAYLOAD_CHARS)));
    }
    if (count > oldest.size()) {
      lines.add(say("  and %,d more", count - oldest.size()));
    }
    return lines;
  }

  /** What is left after a stop, and how to go on. */
  String left(long unfinished) {
    if (unfinished == 0) {
      return "no accepted job is left";
    }
    if (dir == null) {
      return say("%,d jobs were not done and are lost: without --dir nothing is kept", unfinished);
    }
    return say(
        "%,d unfinished jobs are kept in %s; the same command with '< /dev/null' goes on",
        unfinished, dir);
  }
}
