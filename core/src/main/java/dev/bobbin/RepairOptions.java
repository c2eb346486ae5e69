package dev.bobbin;

/**
 * How {@link Maintenance#repair} goes about it. A value: start from {@link #defaults()}.
 *
 * @param dryRun whether to say only what would be done; false by default
 * @param listener told how far it is; by default nobody is
 */
public record RepairOptions(boolean dryRun, MaintenanceListener listener) {
  private static final RepairOptions DEFAULTS = new RepairOptions(false, (queue, done, all) -> {});

  /** Repairs, and tells nobody how far it is. */
  public static RepairOptions defaults() {
    return DEFAULTS;
  }

  /** Whether to change nothing. */
  public RepairOptions withDryRun(boolean wanted) {
    return new RepairOptions(wanted, listener);
  }

  /** Whom to tell how far it is. */
  public RepairOptions withListener(MaintenanceListener newListener) {
    return new RepairOptions(dryRun, newListener);
  }
}
