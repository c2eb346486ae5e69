package dev.bobbin.internal.work;

/** Has whoever keeps the jobs make the copies. */
final class ElsewhereCopies implements Copies {
  private final Elsewhere elsewhere;
  private final Desk.Ledger ledger;

  ElsewhereCopies(Elsewhere elsewhere, Desk.Ledger ledger) {
    this.elsewhere = elsewhere;
    this.ledger = ledger;
  }

  @Override
  public void begin(boolean patiently) {
    // There is no room to wait for.
  }

  @Override
  public boolean putOff(Unacked job, int attempt, long dueMillis, boolean snooze, boolean waits) {
    boolean done = elsewhere.putOff(job.position(), attempt, dueMillis);
    if (done) {
      ledger.putOff(snooze);
    }
    return done;
  }

  @Override
  public boolean setAside(Unacked job, int attempts, String reason, boolean waits) {
    boolean done = elsewhere.setAside(job.position(), attempts, reason, ledger.nowMillis());
    if (done) {
      ledger.died();
    }
    return done;
  }
}
