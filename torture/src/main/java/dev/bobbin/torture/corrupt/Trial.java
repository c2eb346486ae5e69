package dev.bobbin.torture.corrupt;

import dev.bobbin.BobbinException;
import dev.bobbin.CorruptionException;
import dev.bobbin.Maintenance;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.VerifyReport;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at one damaged directory, opens it, repairs it, and judges what comes of it. */
final class Trial {
  /** What a message that stops somebody must say: what to do. */
  private static final Pattern ADVICE =
      Pattern.compile(
          "[Rr]estore|bobbin verify|bobbin repair|use the version|choose an empty|is expected|created with");

  private final Base base;
  private final Image image;
  private final Stage stage;
  private final Expectation expected;
  private final Consumer<String> count;
  private final Consumer<String> fault;

  /** Whether the directory is that of the other queue, as far as its file {@code queue} says. */
  private final boolean foreign;

  /**
   * What a directory is, its file {@code queue} says: with the other queue's, it is judged as a
   * directory of that queue, most of whose files are lost. Whatever is left of it there is to be
   * kept, and no job of the base belongs to it.
   */
  Trial(
      Base base,
      Base other,
      Image image,
      Stage stage,
      Consumer<String> count,
      Consumer<String> fault) {
    Expectation own = new Expectation(base, image);
    this.foreign = own.hasOtherIdentity(other);
    this.base = foreign ? other : base;
    this.expected = foreign ? new Expectation(other, image) : own;
    this.image = image;
    this.stage = stage;
    this.count = count;
    this.fault = fault;
  }

  void run() throws IOException {
    stage.lay(image);
    VerifyReport report = verify("verify");
    unchanged("verify");
    judgeVerify(report);
    Found found = Found.in(stage.directory());
    judgeOpening(report, found);
    if (report == null || !report.isHealthy()) {
      stage.lay(image);
      repair();
    }
  }

  private @Nullable VerifyReport verify(String what) {
    try {
      return Maintenance.verify(stage.directory());
    } catch (BobbinException e) {
      said(what, e);
      return null;
    }
  }

  private void unchanged(String what) throws IOException {
    String difference = stage.difference(image);
    if (difference != null) {
      fault.accept(what + " said no, but " + difference);
    }
  }

  /** A refusal names a file and what to do, and no mistake of the program is behind it. */
  private void said(String what, BobbinException e) {
    String message = String.valueOf(e.getMessage());
    boolean named = message.contains(stage.directory().getFileName().toString());
    if (!named || !ADVICE.matcher(message).find()) {
      fault.accept(what + " does not say which file or what to do: " + e);
    }
    boolean journal = message.startsWith("corrupt journal");
    if (journal && (!(e instanceof CorruptionException) || !message.contains("at offset"))) {
      fault.accept(what + " does not say at which offset: " + e);
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof Error
          || (cause instanceof RuntimeException && !(cause instanceof BobbinException))) {
        fault.accept(what + " failed with " + cause + Fault.where(cause));
      }
    }
  }

  private void judgeVerify(@Nullable VerifyReport report) {
    if (report == null) {
      return;
    }
    count.accept(report.isHealthy() ? "healthy" : "damaged");
    boolean whole = expected.hasIdentity() && expected.hasMarker() && expected.isUntouched();
    if (whole && !report.isHealthy()) {
      fault.accept("verify finds damage where there is none: " + report);
    }
    if (report.isHealthy() && (expected.mustBeSaid() || foreign)) {
      fault.accept("verify does not see the damage");
    }
  }

  private void judgeOpening(@Nullable VerifyReport report, Found found) throws IOException {
    boolean healthy = report != null && report.isHealthy();
    wrong("open", found);
    if (found.refused != null) {
      count.accept("refused");
      said("open", found.refused);
      unchanged("open");
      if (healthy) {
        fault.accept("verify calls healthy what does not open: " + found.refused);
      }
      return;
    }
    count.accept("opened");
    if (found.stopped != null) {
      count.accept("stopped later");
      said("the queue", found.stopped);
      if (healthy || expected.isUntouched()) {
        fault.accept("the queue stopped, but nothing is damaged: " + found.stopped);
      }
      return;
    }
    // What is damaged and finished may stay unread.
    complete("open", expected.mustBeSaid() ? expected.all() : expected.mustOpen(), found);
    if (report != null && healthy) {
      long counted =
          report.queues().stream().mapToLong(q -> q.ready() + q.delayed() + q.dead()).sum();
      if (counted != found.reported) {
        fault.accept("verify counts " + counted + " jobs, opening " + found.reported);
      }
    }
    Set<String> finished = new TreeSet<>(expected.mustNotOpen());
    finished.retainAll(found.jobs);
    if (!finished.isEmpty()) {
      fault.accept("open gives finished jobs again: " + finished);
    }
  }

  private void wrong(String what, Found found) {
    if (found.wrong != null) {
      fault.accept(what + " gives " + found.wrong);
    }
    for (String job : found.jobs) {
      if (!base.states().containsKey(job)) {
        fault.accept(what + " gives " + job + ", which was never submitted");
      }
    }
  }

  private static String missing(Set<String> must, Found found) {
    Set<String> missing = new TreeSet<>(must);
    missing.removeAll(found.jobs);
    return missing.isEmpty() ? "" : ", " + missing.size() + " jobs are missing: " + missing;
  }

  private void complete(String what, Set<String> must, Found found) {
    String missing = missing(must, found);
    if (!missing.isEmpty()) {
      fault.accept(what + " says nothing" + missing);
    }
  }

  private void repair() throws IOException {
    RepairReport repair;
    try {
      repair = Maintenance.repair(stage.directory(), RepairOptions.defaults());
    } catch (BobbinException e) {
      count.accept("not repaired");
      said("repair", e);
      return;
    }
    if (repair.needsBackup()) {
      count.accept("needs a backup");
      // Of the other queue there may be that file and nothing else.
      if (expected.hasIdentity() && (!foreign || expected.hasSegment())) {
        fault.accept("repair gives up, though the file queue is whole: " + repair);
      }
      return;
    }
    count.accept("repaired");
    VerifyReport report = verify("verify after repair");
    if (report == null || !report.isHealthy()) {
      fault.accept("not healthy after repair: " + report);
    }
    Found found = Found.in(stage.directory());
    wrong("repair", found);
    BobbinException no = found.refused != null ? found.refused : found.stopped;
    if (no != null) {
      fault.accept("does not open after repair: " + no);
    } else if (expected.hasIdentity()) {
      complete("repair", expected.mustRepair(), found);
    }
  }
}
