package dev.bobbin.torture.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What counts as a broken promise. */
class ExpectedTest {
  private static final String QUEUE = "q";
  private final Ledger ledger = new Ledger();

  private static Found ready(int attempt) {
    return new Found(QUEUE, attempt, false, true, 0);
  }

  private List<String> faults(boolean machine, Map<Integer, Found> found) {
    List<String> faults = new ArrayList<>();
    ledger.expected(ledger.now()).check(found, machine, faults::add);
    return faults;
  }

  private Ledger.Entry accepted() {
    Ledger.Entry entry = ledger.submitting(QUEUE, Payload.SMALLEST, 0);
    ledger.moved(entry);
    return entry;
  }

  private Ledger.Entry synced() {
    Ledger.Entry entry = accepted();
    ledger.synced(QUEUE, ledger.now());
    return entry;
  }

  @Test
  void acceptedJobMayBeLostWithTheMachineAndNotWithTheProcess() {
    accepted();
    assertThat(faults(true, Map.of())).isEmpty();
    assertThat(faults(false, Map.of())).hasSize(1);
    assertThat(faults(true, Map.of(0, ready(1)))).isEmpty();
  }

  @Test
  void syncedJobMustBeThereUntilSomebodyBeginsToFinishIt() {
    Ledger.Entry entry = synced();
    assertThat(faults(true, Map.of())).hasSize(1);
    ledger.finishing(entry);
    assertThat(faults(true, Map.of())).isEmpty();
    assertThat(faults(true, Map.of(0, ready(1)))).isEmpty();
  }

  @Test
  void settledJobMustNotComeBack() {
    Ledger.Entry entry = synced();
    ledger.finishing(entry);
    ledger.finished(entry);
    ledger.settled(QUEUE, ledger.now());
    assertThat(faults(true, Map.of())).isEmpty();
    assertThat(faults(true, Map.of(0, ready(1)))).hasSize(1);
  }

  @Test
  void refusedJobMustNotComeAtAll() {
    ledger.refused(ledger.submitting(QUEUE, Payload.SMALLEST, 0));
    assertThat(faults(false, Map.of(0, ready(1)))).hasSize(1);
  }

  @Test
  void jobThatWasNeverSubmittedIsAFault() {
    assertThat(faults(true, Map.of(7, ready(1)))).hasSize(1);
  }

  @Test
  void retriedJobComesWithTheAttemptThatWasPromised() {
    Ledger.Entry entry = synced();
    ledger.moving(entry, 2, 0, false);
    ledger.moved(entry);
    assertThat(faults(true, Map.of(0, ready(1)))).isEmpty();
    assertThat(faults(true, Map.of(0, ready(2)))).isEmpty();
    assertThat(faults(true, Map.of())).hasSize(1);
    ledger.synced(QUEUE, ledger.now());
    assertThat(faults(true, Map.of(0, ready(1)))).hasSize(1);
    assertThat(faults(true, Map.of(0, ready(3)))).hasSize(1);
  }

  @Test
  void delayedJobIsNotReadyBeforeItsTime() {
    Ledger.Entry entry = ledger.submitting(QUEUE, Payload.SMALLEST, 1_000);
    ledger.moved(entry);
    assertThat(faults(true, Map.of(0, ready(1)))).hasSize(1);
    assertThat(faults(true, Map.of(0, new Found(QUEUE, 1, false, false, 0)))).isEmpty();
    assertThat(faults(true, Map.of(0, new Found(QUEUE, 1, false, true, 1_000)))).isEmpty();
  }

  @Test
  void childMustBeThereWhenItsParentsAckIs() {
    Ledger.Entry parent = synced();
    Ledger.Entry child = accepted();
    ledger.chained(parent, child);
    ledger.finishing(parent);
    assertThat(faults(true, Map.of(0, ready(1)))).isEmpty();
    assertThat(faults(true, Map.of(0, ready(1), 1, ready(1)))).isEmpty();
    assertThat(faults(true, Map.of())).hasSize(1);
  }

  @Test
  void whatTheMachinesDeathMayHaveTakenIsNotPromisedToTheNextProcess() {
    accepted();
    ledger.machineDied();
    assertThat(faults(false, Map.of())).isEmpty();
  }

  @Test
  void whatWasFoundIsPromisedAgain() {
    accepted();
    accepted();
    ledger.reopened(Map.of(0, ready(1)));
    assertThat(faults(true, Map.of(0, ready(1)))).isEmpty();
    assertThat(faults(true, Map.of())).hasSize(1);
    assertThat(faults(true, Map.of(0, ready(1), 1, ready(1)))).hasSize(1);
  }

  @Test
  void snoozeThatWasLostIsNotPromisedAgain() {
    Ledger.Entry entry = synced();
    ledger.moving(entry, 1, 1_000, false);
    ledger.moved(entry);
    ledger.machineDied();
    ledger.reopened(Map.of(0, ready(1)));
    assertThat(faults(true, Map.of(0, ready(1)))).isEmpty();
    assertThat(faults(true, Map.of(0, new Found(QUEUE, 1, false, false, 0)))).hasSize(1);
  }

  @Test
  void payloadsAreKnownByEveryByte() {
    byte[] payload = Payload.of(5, 100);
    assertThat(Payload.number(payload)).isEqualTo(5);
    assertThat(Payload.number(Payload.forging(6, 200, 4096))).isEqualTo(6);
    payload[50]++;
    assertThat(Payload.number(payload)).isEqualTo(-1);
    assertThat(Payload.number(new byte[3])).isEqualTo(-1);
  }
}
