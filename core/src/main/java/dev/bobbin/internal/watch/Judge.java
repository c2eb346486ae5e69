package dev.bobbin.internal.watch;

import static dev.bobbin.internal.watch.Words.count;
import static dev.bobbin.internal.watch.Words.rate;
import static dev.bobbin.internal.watch.Words.say;

import dev.bobbin.Verdict;
import dev.bobbin.Verdict.Finding;
import dev.bobbin.Verdict.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Samples in, verdict out. What it says follows from the samples it was given and from nothing
 * else: time is what they say it is. Not thread-safe.
 */
final class Judge {
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The last one, those of the ten seconds before it, and one older. */
  private final ArrayDeque<Sample> window = new ArrayDeque<>();

  private final List<Latch> latches = Rules.all().stream().map(Latch::new).toList();
  private Verdict verdict;
  private Trend trend;

  /** {@code first} is the queue as it was opened. */
  Judge(Sample first) {
    window.add(first);
    trend = new Trend(first, first);
    verdict = new Verdict(Kind.HEALTHY, "nothing has happened yet", at(first), List.of());
  }

  Verdict judge(Sample sample) {
    trend = trendTo(sample);
    List<Finding> found = new ArrayList<>();
    for (Latch latch : latches) {
      Finding finding = latch.judge(trend);
      if (finding != null) {
        found.add(finding);
      }
    }
    found.sort(Comparator.comparing(Finding::kind).reversed());
    Finding worst = found.isEmpty() ? new Finding(Kind.HEALTHY, healthy(trend)) : found.remove(0);
    Instant since = worst.kind() == verdict.kind() ? verdict.since() : at(sample);
    verdict = new Verdict(worst.kind(), worst.reason(), since, found);
    return verdict;
  }

  private Trend trendTo(Sample sample) {
    window.addLast(sample);
    while (window.size() > 2 && isOldEnough(second(), sample)) {
      window.removeFirst();
    }
    return new Trend(window.getFirst(), sample);
  }

  private Sample second() {
    var samples = window.iterator();
    samples.next();
    return samples.next();
  }

  private static boolean isOldEnough(Sample sample, Sample last) {
    return last.nanos() - sample.nanos() >= WINDOW_NANOS;
  }

  private static Instant at(Sample sample) {
    return Instant.ofEpochMilli(sample.millis());
  }

  private static String healthy(Trend t) {
    return t.in() == 0 && t.out() == 0
        ? say("idle: %s", count(t.to().flow().unfinished(), "unfinished job", "unfinished jobs"))
        : say(
            "keeping up: %s jobs/s in, %s out, %s ready",
            rate(t.in()), rate(t.out()), count(t.to().flow().ready(), "job", "jobs"));
  }

  /** What the last verdict rests on. */
  Trend trend() {
    return trend;
  }
}
