package dev.bobbin.torture.disk;

import dev.bobbin.BobbinException;
import dev.bobbin.CorruptionException;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.testkit.DiskOperation;
import dev.bobbin.testkit.TestDisk;
import dev.bobbin.torture.Report;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One scenario of {@link ErrorsCampaign}: run once as it is, and then with each disturbance. */
final class ErrorsScenario {
  private final long seed;
  private final int number;
  private final int reads;
  private final Report report;

  ErrorsScenario(long seed, int number, int reads, Report report) {
    this.seed = seed;
    this.number = number;
    this.reads = reads;
    this.report = report;
  }

  void run() {
    List<Disturbance> all = disturbances();
    report.count("scenarios");
    for (Disturbance disturbance : all) {
      new Run(disturbance).go();
    }
  }

  /** What can go wrong, by a run in which nothing does. */
  private List<Disturbance> disturbances() {
    TestDisk disk = new TestDisk();
    List<Disturbance> all = new ArrayList<>();
    Map<DiskOperation, Long> counts = new EnumMap<>(DiskOperation.class);
    disk.watch(
        (operation, file) -> {
          long ofKind = counts.merge(operation, 1L, Long::sum);
          if (operation != DiskOperation.READ || ofKind % reads == 0) {
            all.addAll(Disturbance.at(disk.count() + 1, operation, ofKind));
          }
        });
    Consumer<String> faults = fault -> report.fault("scenario " + number + ": " + fault);
    Scenario.brief(
            seed,
            disk,
            faults,
            e -> {
              if (!isFull(e)) {
                faults.accept("nothing is wrong with the disk: " + Trouble.describe(e));
              }
            })
        .run();
    report.count("operations", disk.count());
    return all;
  }

  /** On a slow machine a queue may not get room within its short time-out. */
  private static boolean isFull(BobbinException e) {
    return e instanceof RefusedException refused
        && (refused.refusal() == Refusal.DISK_FULL
            || refused.refusal() == Refusal.BYTE_LIMIT
            || refused.refusal() == Refusal.DISK_SLOW);
  }

  /** The scenario on a disk that fails. */
  private final class Run {
    private final Disturbance disturbance;
    private final TestDisk disk = new TestDisk();
    private final Scenario scenario = Scenario.brief(seed, disk, this::fault, this::check);
    private boolean met;

    Run(Disturbance disturbance) {
      this.disturbance = disturbance;
    }

    private void fault(String what) {
      report.fault("scenario " + number + ", " + disturbance + ": " + what);
    }

    void go() {
      disturbance.apply(disk);
      try {
        if (disturbance.isFullDisk()) {
          scenario.beforeItCloses(this::resume);
        }
        scenario.run();
      } catch (RuntimeException | Error e) {
        fault("a call threw what it should not: " + Trouble.describe(e));
      }
      report.count("runs");
      report.count("runs in which a call failed", met ? 1 : 0);
      disk.heal();
      long mark = scenario.ledger.now();
      Expected expected = scenario.ledger.expected(mark);
      TestDisk dead = disk.copy();
      dead.machineDeath(new TornLuck(seed + disturbance.nth()));
      find("after machine death", dead, expected, true);
      if (disturbance.operation() == DiskOperation.FORCE) {
        TestDisk forgetful = disk.copy();
        forgetful.forget();
        find("when the system forgot what was not written", forgetful, expected, true);
        openTwice(expected);
      }
      find("on the healed disk", disk, expected, false);
    }

    /** What an opening shows is forced, though the system takes it for written already. */
    private void openTwice(Expected expected) {
      TestDisk first = disk.copy();
      List<TestDisk> opened = new ArrayList<>();
      Map<Integer, Found> once =
          find("opened", first, expected, false, () -> opened.add(first.copy()));
      for (TestDisk second : opened) {
        second.machineDeath((file, offset) -> false);
        Map<Integer, Found> twice = find("opened twice", second, expected, false);
        if (!once.equals(twice)) {
          fault("the 1st opening finds " + once + ", the 2nd one " + twice);
        }
      }
    }

    private void resume() {
      disk.heal();
      scenario.submitToEach();
    }

    private Map<Integer, Found> find(
        String when, TestDisk left, Expected expected, boolean machine) {
      return find(when, left, expected, machine, () -> {});
    }

    private Map<Integer, Found> find(
        String when, TestDisk left, Expected expected, boolean machine, Runnable opened) {
      Consumer<String> faults = fault -> fault(when + ": " + fault);
      Map<Integer, Found> found = Image.find(left, scenario.shape, opened, report, faults);
      expected.check(found, machine, faults);
      report.count("states");
      return found;
    }

    /** What a failed call may throw: what happened, with the disk's own error as its cause. */
    private void check(BobbinException e) {
      met = true;
      if (e instanceof CorruptionException) {
        fault("an error of the disk is taken for corruption: " + Trouble.describe(e));
      }
      if (!isFull(e) && !isCausedByDisk(e)) {
        fault("an exception that does not name its cause: " + Trouble.describe(e));
      }
      if (disturbance.isFullDisk()
          && e instanceof RefusedException refused
          && refused.refusal() == Refusal.FAILED) {
        fault("a full disk has stopped a queue: " + Trouble.describe(e));
      }
    }

    private boolean isCausedByDisk(Throwable e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (String.valueOf(cause.getMessage()).contains("(TestDisk)")) {
          return true;
        }
      }
      return false;
    }
  }
}
