package dev.bobbin.torture.disk;

import dev.bobbin.testkit.DiskOperation;
import dev.bobbin.testkit.TestDisk;
import dev.bobbin.torture.Report;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One scenario of {@link TornCampaign}: one run, and what deaths at its operations may leave. */
final class TornScenario {
  /** Operations that change nothing leave what the next one that does finds. */
  private static final Set<DiskOperation> CHANGES =
      EnumSet.of(
          DiskOperation.CREATE, DiskOperation.WRITE, DiskOperation.FORCE, DiskOperation.DELETE);

  private final String name;
  private final SplittableRandom random;
  private final int states;
  private final Report report;
  private final TestDisk disk = new TestDisk();
  private final Scenario scenario;
  private final List<Capture> captures = new ArrayList<>();

  TornScenario(long seed, int number, int states, Report report) {
    this.name = "scenario " + number;
    this.random = new SplittableRandom(seed);
    this.states = states;
    this.report = report;
    this.scenario =
        new Scenario(
            seed,
            disk,
            this::fault,
            e -> fault("nothing is wrong with the disk: " + Trouble.describe(e)));
  }

  private void fault(String what) {
    report.fault(name + ": " + what);
  }

  void run() {
    disk.watch(this::capture);
    scenario.run();
    report.count("scenarios");
    report.count("operations", disk.count());
    report.count("operations that change the disk", captures.size());
    report.count("jobs", scenario.ledger.size());
    int each = Math.max(2, states / Math.max(1, captures.size()));
    for (Capture capture : captures) {
      check(capture, false, random.nextLong());
      for (int i = 1; i < each; i++) {
        check(capture, true, random.nextLong());
      }
    }
  }

  /** Runs on the queues' threads, one at a time. */
  private void capture(DiskOperation operation, String file) {
    if (CHANGES.contains(operation)) {
      long mark = scenario.ledger.now();
      TestDisk copy = disk.copy();
      Expected expected = scenario.ledger.expected(mark);
      captures.add(new Capture(copy, expected, disk.count(), operation + " of " + file));
    }
  }

  private void check(Capture capture, boolean machine, long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    TestDisk left = capture.disk().copy();
    if (machine) {
      left.machineDeath(new TornLuck(chance.nextLong()));
    }
    Consumer<String> faults =
        what ->
            fault(
                "operation %d, %s, %s death with seed %d: %s"
                    .formatted(
                        capture.index(),
                        capture.where(),
                        machine ? "machine" : "process",
                        seed,
                        what));
    switch (chance.nextInt(8)) {
      case 0 -> dieAgain(left, capture, machine, chance, faults);
      case 1 -> openTwice(left, capture, machine, faults);
      default -> find(left, capture, machine, () -> {}, faults);
    }
  }

  private Map<Integer, Found> find(
      TestDisk left, Capture capture, boolean machine, Runnable opened, Consumer<String> faults) {
    TreeMap<Integer, Found> found = Image.find(left, scenario.shape, opened, report, faults);
    report.count(machine ? "states after machine death" : "states after process death");
    report.count("jobs found", found.size());
    capture.expected().check(found, machine, faults);
    return found;
  }

  /** Invariant 10: what recovery has found is forced when it is shown. */
  private void openTwice(TestDisk left, Capture capture, boolean machine, Consumer<String> faults) {
    List<TestDisk> copies = new ArrayList<>();
    Map<Integer, Found> once = find(left, capture, machine, () -> copies.add(left.copy()), faults);
    for (TestDisk copy : copies) {
      copy.machineDeath((file, offset) -> false);
      Map<Integer, Found> twice =
          find(copy, capture, machine, () -> {}, fault -> faults.accept("2nd opening: " + fault));
      report.count("opened twice");
      if (!twice.equals(once)) {
        faults.accept("the 1st opening finds " + once + ", the 2nd one " + twice);
      }
    }
  }

  /** Invariant 10: recovery may itself be killed. */
  private void dieAgain(
      TestDisk left,
      Capture capture,
      boolean machine,
      SplittableRandom chance,
      Consumer<String> faults) {
    TestDisk[] again = new TestDisk[1];
    int[] seen = new int[1];
    boolean[] isOpen = new boolean[1];
    left.watch(
        (operation, file) -> {
          if (!isOpen[0] && CHANGES.contains(operation) && chance.nextInt(++seen[0]) == 0) {
            again[0] = left.copy();
          }
        });
    find(left, capture, machine, () -> isOpen[0] = true, faults);
    if (again[0] != null) {
      boolean both = chance.nextInt(4) > 0;
      if (both) {
        again[0].machineDeath(new TornLuck(chance.nextLong()));
      }
      report.count("died again in recovery");
      find(
          again[0],
          capture,
          machine || both,
          () -> {},
          fault -> faults.accept("death in recovery: " + fault));
    }
  }
}
