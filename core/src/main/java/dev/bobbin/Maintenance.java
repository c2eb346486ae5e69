package dev.bobbin;

import dev.bobbin.internal.local.LocalMaintenance;
import java.nio.file.Path;

/**
 * Looks after a directory that no program has open.
 *
 * <pre>{@code
 * VerifyReport report = Maintenance.verify(Path.of("data"));
 * if (!report.isHealthy()) {
 *   RepairReport plan = Maintenance.repair(Path.of("data"), RepairOptions.defaults().withDryRun(true));
 *   plan.queues().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Thread-safe. The calls hold the directory while they last, so that no program can open it.
 * They go on to their end whatever interrupts come, and leave the thread's interrupt flag as it is.
 */
public final class Maintenance {
  private Maintenance() {}

  /**
   * Reads every block and every frame of every queue and changes nothing.
   *
   * @throws DirectoryInUseException if this or another process holds the directory
   * @throws BobbinException if there is no such directory, it is not Bobbin's or is of another
   *     version, or it cannot be read
   */
  public static VerifyReport verify(Path directory) {
    return verify(directory, RepairOptions.defaults().listener());
  }

  /** As {@link #verify(Path)}, and tells {@code listener} how far it is. */
  public static VerifyReport verify(Path directory, MaintenanceListener listener) {
    return LocalMaintenance.verify(directory, listener);
  }

  /**
   * Brings damaged queues to a state in which they open again, with every unfinished job that can
   * still be believed. Healthy queues are left alone. The files that are changed or deleted are
   * copied first, to a folder {@code repaired-} and the time in {@code directory}.
   *
   * <p>A repair that was killed can be run again, and goes on or begins anew. Acks that lay in a
   * damaged block are lost: their jobs are delivered again.
   *
   * @throws DirectoryInUseException if this or another process holds the directory
   * @throws BobbinException if there is no such directory, it is not Bobbin's or is of another
   *     version, it cannot be read and written, or there is no room for the copies
   */
  public static RepairReport repair(Path directory, RepairOptions options) {
    return LocalMaintenance.repair(directory, options);
  }
}
