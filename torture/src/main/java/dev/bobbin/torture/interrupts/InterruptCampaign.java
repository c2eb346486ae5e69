package dev.bobbin.torture.interrupts;

import dev.bobbin.Durability;
import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.interrupts.Ground.Kind;
import dev.bobbin.torture.interrupts.Ground.State;
import dev.bobbin.torture.interrupts.Shot.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Interrupts public calls at random moments, and the threads of workers meanwhile. One thread calls
 * and one interrupts; a third interrupts workers. After some calls everything is worked off and
 * compared, and the next queue is another one: on a directory or in memory, forced at each submit
 * or not, with room or full, with workers or without.
 */
@Command(name = "interrupts", description = "Interrupts every public call, and handlers.")
public final class InterruptCampaign extends Campaign {
  private static final int CALLS_A_GROUND = 100;
  private static final long LONGEST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final List<Way> WAYS = List.of(Way.values());
  private static final List<State> STATES = List.of(State.values());

  @Option(
      names = "--interrupts",
      paramLabel = "N",
      defaultValue = "50000",
      description = "How many calls are interrupted; ${DEFAULT-VALUE} by default.")
  int interrupts;

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    Path folder = Files.createTempDirectory("bobbin-interrupts");
    ExecutorService callers = Executors.newSingleThreadExecutor();
    List<Call> deck = new ArrayList<>();
    int done = 0;
    for (int number = 0; done < interrupts && report.isClean(); number++) {
      Path place = Files.createDirectory(folder.resolve("ground-" + number));
      Ground ground = new Ground(kind(number), place, report);
      Sniper sniper = new Sniper(ground.handlers, random.split());
      sniper.start();
      for (int i = 0; i < CALLS_A_GROUND && done < interrupts; i++, done++) {
        if (deck.isEmpty()) {
          deck.addAll(Call.all());
          Collections.shuffle(deck, new Random(random.nextLong()));
        }
        ground.restore();
        if (!shot(ground, deck.remove(deck.size() - 1), random).fire(callers, delay(random))) {
          // What hangs holds the queue: there is nothing to be compared.
          return report;
        }
      }
      sniper.end();
      ground.check();
      report.count("queues");
      Ground.delete(place);
    }
    callers.shutdownNow();
    Ground.delete(folder);
    return report;
  }

  private static Shot shot(Ground ground, Call call, SplittableRandom random) {
    Way way = WAYS.get(random.nextInt(WAYS.size()));
    return new Shot(ground, call, way, random.split());
  }

  /** Mostly short, as most calls are; long enough for the rest to be deep in their waits. */
  private static long delay(SplittableRandom random) {
    return random.nextLong(LONGEST_DELAY_NANOS >>> random.nextInt(8)) + 1;
  }

  private static Kind kind(int number) {
    return new Kind(
        number % 3 != 2,
        number % 2 == 0 ? Durability.PERIODIC : Durability.SYNC,
        STATES.get(number / 2 % STATES.size()));
  }
}
