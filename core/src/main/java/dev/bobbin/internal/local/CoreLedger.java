package dev.bobbin.internal.local;

import dev.bobbin.Priority;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.work.Desk;
import dev.bobbin.internal.work.GivenUp;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Tells the queue what its workers did. Called by workers. */
record CoreLedger(QueueCore core) implements Desk.Ledger {
  @Override
  public void taken(int jobs, long nowMillis) {
    core.counters.taken.add(jobs);
    core.clock(nowMillis);
  }

  @Override
  public void erred(String error, int jobs) {
    core.counters.failed.add(jobs);
    core.watch.errors.add(error, jobs, core.time.wallMillis());
  }

  @Override
  public void acked(int jobs) {
    core.counters.acked.add(jobs);
    core.admission.left(jobs);
  }

  @Override
  public void reported() {
    core.reported();
  }

  @Override
  public void outside(long bytes) {
    core.admission.outside(bytes);
  }

  @Override
  public void putOff(boolean snoozed) {
    (snoozed ? core.counters.snoozed : core.counters.retried).increment();
  }

  @Override
  public void delayed(Priority priority, long dueMillis, long position) {
    core.delays.add(priority, dueMillis, position);
  }

  @Override
  public void dead(long position, long id, int bytes) {
    core.dead.add(position, id, bytes);
  }

  @Override
  public void died() {
    core.counters.died.increment();
    core.admission.left(1);
  }

  @Override
  public void rejected() {
    core.counters.rejected.increment();
  }

  @Override
  public void expired() {
    core.counters.expired.increment();
  }

  @Override
  public void loadedTaken() {
    core.loadedTaken();
  }

  @Override
  public void failed(Throwable cause) {
    core.fail(cause);
  }

  @Override
  public @Nullable Throwable failure() {
    return core.failure();
  }

  @Override
  public Time time() {
    return core.time;
  }

  @Override
  public long nowMillis() {
    return core.time.wallMillis();
  }

  @Override
  public void hurry() {
    core.flushing.hurry();
  }

  @Override
  public long cycles() {
    return core.counters.flushes.sum();
  }

  @Override
  public void givenUp(int jobs, GivenUp why) {
    LongAdder count =
        switch (why) {
          case LEASE_LOST -> core.counters.leasesLost;
          case HANDED_BACK -> core.counters.handedBack;
          case INTERRUPTED -> core.counters.interrupted;
        };
    count.add(jobs);
  }

  @Override
  public void stale(int outcomes) {
    core.counters.staleAcks.add(outcomes);
  }

  @Override
  public void stuck(int change) {
    core.counters.stuck.add(change);
  }

  @Override
  public void wakeTimer() {
    core.wakeTimer();
  }
}
