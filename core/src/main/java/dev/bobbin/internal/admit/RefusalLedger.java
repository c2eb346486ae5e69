package dev.bobbin.internal.admit;

import dev.bobbin.QueueStatus.Refusals;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How often jobs were not accepted, by reason: one row for each reason, so it is bounded. Guarded
 * by itself; a refusal costs an exception, beside which the monitor is nothing.
 */
public final class RefusalLedger {
  private static final int MAX_DETAIL_CHARS = 300;

  private final Map<Refusal, Refusals> rows = new EnumMap<>(Refusal.class);

  RefusalLedger() {}

  /** Counts one refused submit. */
  void add(RefusedException refused) {
    String detail = refused.detail();
    String kept =
        detail.length() <= MAX_DETAIL_CHARS ? detail : detail.substring(0, MAX_DETAIL_CHARS);
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    synchronized (this) {
      rows.merge(
          refused.refusal(),
          new Refusals(1, now, now, kept),
          (before, one) -> new Refusals(before.count() + 1, before.first(), now, kept));
    }
  }

  /** All reasons that have come, in the order in which {@link Refusal} lists them. */
  public synchronized Map<Refusal, Refusals> rows() {
    return rows.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(rows));
  }

  /** How often a job was refused for this reason. */
  public synchronized long count(Refusal reason) {
    Refusals row = rows.get(reason);
    return row == null ? 0 : row.count();
  }
}
