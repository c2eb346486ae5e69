package dev.bobbin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts dead letters by error in bounded memory. Exact up to {@link #KEPT} kinds of errors. Beyond
 * that the rarest are counted together as the others, so that whatever is frequent still has a
 * group; the counts always add up. Owned by one thread.
 */
final class Grouping {
  private static final int GROUPS = 1_000;
  private static final int KEPT = 2 * GROUPS;

  private final Map<String, Tally> tallies = new HashMap<>();
  private @Nullable Tally others;

  /** Letters of one kind. */
  private static final class Tally {
    private final String error;
    private final JobId example;
    private Instant first;
    private Instant last;
    private long count;

    Tally(String error, DeadLetter letter) {
      this.error = error;
      this.example = letter.id();
      this.first = letter.diedAt();
      this.last = first;
    }

    void add(long more, Instant from, Instant to) {
      count += more;
      first = from.isBefore(first) ? from : first;
      last = to.isAfter(last) ? to : last;
    }

    DeadLetterGroup group(boolean asOthers) {
      return new DeadLetterGroup(asOthers ? "" : error, count, first, last, example, asOthers);
    }
  }

  void add(DeadLetter letter) {
    tallies
        .computeIfAbsent(letter.error(), error -> new Tally(error, letter))
        .add(1, letter.diedAt(), letter.diedAt());
    if (tallies.size() > KEPT) {
      sorted().stream().skip(GROUPS).forEach(this::drop);
    }
  }

  private List<Tally> sorted() {
    List<Tally> sorted = new ArrayList<>(tallies.values());
    sorted.sort(
        Comparator.comparingLong((Tally tally) -> tally.count)
            .reversed()
            .thenComparing(tally -> tally.error));
    return sorted;
  }

  private void drop(Tally rare) {
    tallies.remove(rare.error);
    Tally rest = others;
    if (rest == null) {
      others = rare;
    } else {
      rest.add(rare.count, rare.first, rare.last);
    }
  }

  /** The groups, the most frequent first, and what has none last. */
  List<DeadLetterGroup> groups() {
    sorted().stream().skip(GROUPS).forEach(this::drop);
    List<DeadLetterGroup> groups = new ArrayList<>();
    sorted().forEach(tally -> groups.add(tally.group(false)));
    Tally rest = others;
    if (rest != null) {
      groups.add(rest.group(true));
    }
    return List.copyOf(groups);
  }
}
