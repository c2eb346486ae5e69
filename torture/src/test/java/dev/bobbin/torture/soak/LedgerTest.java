package dev.bobbin.torture.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.torture.Report;
import dev.bobbin.torture.soak.Event.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From when on a job that was acked must not come back after a kill. */
class LedgerTest {
  private static final int JOBS = 10 * Handlers.BATCH;
  private static final int QUEUE = 0;
  private static final long SEED = 5;

  private final Report report = new Report();
  private final Ledger ledger = new Ledger(SEED, report);

  private static long key(int number) {
    return Load.key(1, QUEUE, number);
  }

  private static Event event(Kind kind, int number) {
    byte[] payload = Load.payload(SEED, key(number));
    int crc = Load.crc(payload, payload.length);
    return new Event(kind, Outcome.ACK, 0, key(number), 0, crc, payload.length, 1);
  }

  private static Event of(Kind kind) {
    return new Event(kind, Outcome.ACK, 0, QUEUE, 0, 0, 0, 2);
  }

  private void deliver(int from, int to) {
    for (int i = from; i < to; i++) {
      ledger.add(event(Kind.DELIVERED, i));
    }
  }

  @BeforeEach
  void submit() {
    for (int i = 0; i < JOBS; i++) {
      ledger.add(event(Kind.INTENT, i));
    }
  }

  @Test
  void ackThatWasNotWrittenMayComeToNothing() {
    ledger.add(of(Kind.MARK));
    deliver(0, JOBS);
    ledger.add(of(Kind.FLUSHED));
    ledger.ended(true);
    deliver(0, 1);
    assertThat(report.isClean()).isTrue();
  }

  @Test
  void ackThatItsThreadHadInHandAtTheMarkMayComeToNothing() {
    deliver(0, 10);
    ledger.add(of(Kind.MARK));
    deliver(10, JOBS);
    ledger.add(of(Kind.FLUSHED));
    ledger.ended(true);
    deliver(0, 1);
    assertThat(report.isClean()).isTrue();
  }

  @Test
  void ackThatWasWrittenHolds() {
    deliver(0, JOBS);
    ledger.add(of(Kind.MARK));
    ledger.add(of(Kind.FLUSHED));
    ledger.ended(true);
    deliver(0, 1);
    assertThat(report.isClean()).isFalse();
  }

  @Test
  void closingInOrderHoldsEveryAck() {
    deliver(0, JOBS);
    ledger.ended(false);
    deliver(JOBS - 1, JOBS);
    assertThat(report.isClean()).isFalse();
  }
}
