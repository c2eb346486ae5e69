package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.Damage;
import dev.bobbin.Maintenance;
import dev.bobbin.MaintenanceListener;
import dev.bobbin.QueueRepair;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.QueueVerification;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.RingVerification;
import dev.bobbin.VerifyReport;
import dev.bobbin.internal.inspect.Inspection;
import dev.bobbin.internal.inspect.QueueFolder;
import dev.bobbin.internal.inspect.Rebuild;
import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.JournalScan;
import dev.bobbin.internal.journal.UntrustedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link Maintenance} of directories: holds the lock, and goes from queue to queue. */
public final class LocalMaintenance {
  private static final String COPIES = "repaired-";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Root root;
  private final RepairOptions options;
  private final Path copies;
  private boolean copied;

  private LocalMaintenance(Root root, RepairOptions options) {
    this.root = root;
    this.options = options;
    this.copies = newFolder(root.directory());
  }

  private static Path newFolder(Path directory) {
    String name = COPIES + ZonedDateTime.now(ZoneOffset.UTC).format(TIME);
    Path folder = directory.resolve(name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = directory.resolve(name + "-" + i);
    }
    return folder;
  }

  /** See {@link Maintenance#verify}. */
  public static VerifyReport verify(Path directory, MaintenanceListener listener) {
    return new Opener().open(() -> verifyHere(directory, listener));
  }

  private static VerifyReport verifyHere(Path directory, MaintenanceListener listener)
      throws IOException {
    Root root = Root.openToMaintain(directory, true);
    try {
      List<Damage> damages = root.markerDamage().stream().toList();
      List<QueueVerification> queues = new ArrayList<>();
      for (String name : root.queueNames()) {
        queues.add(verify(root, name, listener));
      }
      return new VerifyReport(directory, damages, queues);
    } finally {
      root.close();
    }
  }

  private static QueueVerification verify(Root root, String name, MaintenanceListener listener)
      throws IOException {
    try {
      QueueFolder folder = folder(root, name, true);
      try (JournalScan scan = Inspection.scan(folder)) {
        return Inspection.of(folder, scan, listener).result();
      }
    } catch (UnreadableQueue e) {
      return unread(name, e.damage);
    } catch (UntrustedFileException e) {
      return unread(name, e.finding());
    }
  }

  private static QueueVerification unread(String name, Damage why) {
    RingVerification nothing = new RingVerification(false, 0, 0, 0, 0, 0);
    return new QueueVerification(name, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, nothing, List.of(why));
  }

  /** The file that says what the queue is cannot be believed. */
  private static final class UnreadableQueue extends Exception {
    private static final long serialVersionUID = 1;

    final transient Damage damage;

    UnreadableQueue(Damage damage, BobbinException cause) {
      super(cause);
      this.damage = damage;
    }
  }

  private static QueueFolder folder(Root root, String name, boolean readOnly)
      throws IOException, UnreadableQueue {
    Path path = root.existingQueueFolder(name, readOnly);
    try {
      return QueueFiles.folder(FileStorage.readOnly(path), path, name);
    } catch (UntrustedFileException e) {
      throw e;
    } catch (BobbinException e) {
      Path file = path.resolve(QueueFiles.NAME);
      String expected = "the file of a queue, with a checksum that matches";
      throw new UnreadableQueue(new Damage(file, 0, expected, String.valueOf(e.getMessage())), e);
    }
  }

  /** See {@link Maintenance#repair}. */
  public static RepairReport repair(Path directory, RepairOptions options) {
    return new Opener()
        .open(
            () -> {
              Root root = Root.openToMaintain(directory, options.dryRun());
              try {
                return new LocalMaintenance(root, options).repair(directory);
              } finally {
                root.close();
              }
            });
  }

  private RepairReport repair(Path directory) throws IOException {
    Optional<Damage> marker = root.markerDamage();
    List<QueueRepair> queues = new ArrayList<>();
    for (String name : root.queueNames()) {
      queues.add(repair(name));
    }
    if (marker.isPresent() && !options.dryRun()) {
      if (Files.exists(marker.get().file())) {
        FileStorage.createFolder(copies);
        FileStorage.copy(marker.get().file(), copies.resolve(marker.get().file().getFileName()));
        FileStorage.forceFolder(copies);
        copied = true;
      }
      root.writeMarker();
    }
    return new RepairReport(
        directory,
        options.dryRun(),
        copied ? Optional.of(copies) : Optional.empty(),
        marker.stream().toList(),
        queues);
  }

  private QueueRepair repair(String name) throws IOException {
    QueueFolder folder;
    try {
      folder = folder(root, name, options.dryRun());
    } catch (UnreadableQueue e) {
      String note =
          "the journal cannot be read without the seed in this file: restore it from a backup;"
              + " it never changes after the queue was created";
      return new QueueRepair(
          name, Outcome.BEYOND_REPAIR, List.of(e.damage), List.of(), 0, 0, 0, 0, note);
    }
    Rebuild rebuild = new Rebuild(folder);
    String note = "";
    if (rebuild.isHalfDone()) {
      note = "a repair had been interrupted while it put the new journal in place";
      if (options.dryRun()) {
        // Neither the old journal nor the new one is whole where it lies: there is nothing to
        // count.
        note += "; the next one goes on there";
        return new QueueRepair(name, Outcome.REPAIRABLE, List.of(), List.of(), 0, 0, 0, 0, note);
      }
      rebuild.goOn();
      note += "; it is in place now, and the copies that it made are those of that repair";
    }
    try (JournalScan scan = Inspection.scan(folder)) {
      Inspection inspection = Inspection.of(folder, scan, options.listener());
      if (scan.isAnothers()) {
        return report(
            inspection,
            Outcome.BEYOND_REPAIR,
            "all segments are another queue's: restore the file \"queue\", or whatever is not this"
                + " queue's, from a backup");
      }
      boolean healthy = inspection.result().isHealthy();
      if (!healthy && !options.dryRun()) {
        rebuild.run(inspection, scan, copies.resolve(name));
        copied = true;
      } else if (!options.dryRun()) {
        rebuild.clearWork();
      }
      Outcome changed = options.dryRun() ? Outcome.REPAIRABLE : Outcome.REPAIRED;
      return report(inspection, healthy && note.isEmpty() ? Outcome.HEALTHY : changed, note);
    }
  }

  private static QueueRepair report(Inspection inspection, Outcome outcome, String note) {
    QueueVerification found = inspection.result();
    return new QueueRepair(
        found.queue(),
        outcome,
        found.damages(),
        inspection.lost(),
        found.ready(),
        found.delayed(),
        found.dead(),
        inspection.lostAckBlocks(),
        note);
  }
}
