package dev.bobbin.torture.interrupts;

import static dev.bobbin.torture.interrupts.Call.to;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobId;
import java.util.List;

/** Looking at dead letters, sending them back, deleting them. */
final class DeadLetterCalls {
  private static final JobId NOBODY = new JobId(1, 1);

  private DeadLetterCalls() {}

  static List<Call> all() {
    return List.of(
        to("DeadLetters.page(long,int)", (ground, random) -> dead(ground).page(0, 10)),
        to("DeadLetters.list(int)", (ground, random) -> dead(ground).list(10)),
        to("DeadLetters.find(JobId)", (ground, random) -> dead(ground).find(some(ground))),
        to("DeadLetters.forEach(Consumer)", (ground, random) -> dead(ground).forEach(letter -> {})),
        to("DeadLetters.groups()", (ground, random) -> dead(ground).groups()),
        to("DeadLetters.retry(JobId)", (ground, random) -> dead(ground).retry(some(ground))),
        to(
            "DeadLetters.retry(Collection)",
            (ground, random) ->
                dead(ground).retry(dead(ground).list(5).stream().map(DeadLetter::id).toList())),
        to("DeadLetters.retryAll()", (ground, random) -> dead(ground).retryAll()),
        to("DeadLetters.retryAll(double)", (ground, random) -> dead(ground).retryAll(500)),
        to(
            "DeadLetters.retryIf(Predicate)",
            (ground, random) -> dead(ground).retryIf(letter -> letter.attempts() > 0)),
        to(
            "DeadLetters.retryIf(Predicate,double)",
            (ground, random) -> dead(ground).retryIf(letter -> true, 0.01)),
        to(
            "DeadLetters.purge(JobId)",
            (ground, random) -> {
              if (dead(ground).purge(some(ground))) {
                ground.ledger.purged(1);
              }
            }),
        to(
            "DeadLetters.purge(Collection)",
            (ground, random) ->
                ground.ledger.purged(
                    dead(ground)
                        .purge(dead(ground).list(3).stream().map(DeadLetter::id).toList()))),
        to(
            "DeadLetters.purgeAll()",
            (ground, random) -> {
              if (random.nextInt(4) == 0) {
                ground.ledger.purged(dead(ground).purgeAll());
              }
            }),
        to(
            "DeadLetters.purgeIf(Predicate)",
            (ground, random) ->
                ground.ledger.purged(
                    dead(ground).purgeIf(letter -> (letter.id().number() & 0x700) == 0))));
  }

  private static DeadLetters dead(Ground ground) {
    return ground.queue().deadLetters();
  }

  private static JobId some(Ground ground) {
    return dead(ground).list(1).stream().findFirst().map(DeadLetter::id).orElse(NOBODY);
  }
}
