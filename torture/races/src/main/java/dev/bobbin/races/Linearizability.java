package dev.bobbin.races;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Runs the specifications under Lincheck: it makes up scenarios of a few calls on several threads,
 * runs them many times, by the model checker in every order of their steps that it can reach, and
 * fails if no order of whole calls gives what came out. Which scenarios these are is always the
 * same.
 */
public final class Linearizability {
  /** Names without the package {@code dev.bobbin.internal}. */
  static final List<String> SPECIFICATIONS =
      List.of(
          "work.OutcomesOfALease",
          "work.TimeOfALease",
          "admit.PlacesOfJobs",
          "admit.BytesOutside",
          "admit.DrainedQueue",
          "admit.KeysOfJobs");

  private static final List<String> BYTES =
      List.of(
          "dev.bobbin.internal.ring.Frame",
          "dev.bobbin.internal.ring.FrameWriter",
          "dev.bobbin.internal.ring.FinishedLog",
          "dev.bobbin.internal.ring.InHand",
          "dev.bobbin.internal.ring.InHand$Slot");

  private Linearizability() {}

  /** Arguments: scenarios of each specification and strategy, then runs of each scenario. */
  public static void main(String[] args) throws Exception {
    int scenarios = Integer.parseInt(args[0]);
    int runs = Integer.parseInt(args[1]);
    Map<String, String> broken = new TreeMap<>();
    for (String name : names(args)) {
      Class<?> test = Class.forName("dev.bobbin.internal." + name);
      Class<?> sequential = Class.forName(test.getName() + "$Sequential");
      check(name + " checked", test, sequential, modelChecking(), scenarios, runs, broken);
      check(name + " stressed", test, sequential, new StressOptions(), scenarios, runs, broken);
    }
    System.exit(broken.isEmpty() ? 0 : 1);
  }

  /** The checker knows no handles to bytes: what moves bytes is one step to it. */
  private static ModelCheckingOptions modelChecking() {
    return new ModelCheckingOptions()
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(BYTES.toArray(String[]::new))
                .allMethods()
                .ignore());
  }

  private static List<String> names(String[] args) {
    return args.length == 2 ? SPECIFICATIONS : List.of(args).subList(2, args.length);
  }

  /** Scenarios that were broken once; tried before all others. */
  private static List<ExecutionScenario> foundBefore(Class<?> test) throws NoSuchMethodException {
    if (!test.getName().endsWith("OutcomesOfALease")) {
      return List.of();
    }
    List<List<Actor>> threads =
        List.of(List.of(call(test, "close")), List.of(call(test, "expire"), call(test, "ack")));
    return List.of(new ExecutionScenario(List.of(), threads, List.of(), null));
  }

  private static Actor call(Class<?> test, String method) throws NoSuchMethodException {
    return new Actor(test.getMethod(method, int.class), List.of(0));
  }

  private static void check(
      String name,
      Class<?> test,
      Class<?> sequential,
      Options<?, ?> options,
      int scenarios,
      int runs,
      Map<String, String> broken)
      throws NoSuchMethodException {
    long began = System.nanoTime();
    foundBefore(test).forEach(options::addCustomScenario);
    try {
      options
          .iterations(scenarios)
          .invocationsPerIteration(runs)
          .threads(2)
          .actorsPerThread(3)
          .actorsBefore(1)
          .actorsAfter(1)
          .sequentialSpecification(sequential)
          .check(test);
      System.out.printf(
          Locale.ROOT, "HOLDS %s in %,d ms%n", name, (System.nanoTime() - began) / 1_000_000);
    } catch (LincheckAssertionError e) {
      broken.put(name, String.valueOf(e.getMessage()));
      System.out.println("BROKEN " + name + "\n" + e.getMessage());
    }
  }
}
