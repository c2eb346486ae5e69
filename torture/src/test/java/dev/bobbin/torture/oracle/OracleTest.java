package dev.bobbin.torture.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.DeadLetter;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.Refusal;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.oracle.Log.Kind;
import dev.bobbin.torture.oracle.Plan.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault is found when it is there, and not when it is not. */
class OracleTest {
  private static final long SEED = 5;
  private static final Plan PLAN = new Plan(SEED);

  /** A job without a delay, which could be delivered before it is due. */
  private static final long KEY = plainKey();

  @TempDir Path logs;

  private final Report report = new Report();
  private final Oracle oracle = new Oracle(SEED, report);
  private int threads;

  private static long plainKey() {
    // The first job of some producer: the oracle counts them from 0.
    return LongStream.range(0, 16)
        .map(producer -> Plan.key(1, (int) producer, 0))
        .filter(key -> PLAN.options(key).equals(JobOptions.NONE))
        .findFirst()
        .orElseThrow();
  }

  private Log log(int run, Kind kind) throws IOException {
    return Log.create(logs, run, kind, threads++, 10);
  }

  private Log accepted(int run) throws IOException {
    Log log = log(run, Kind.PRODUCER);
    log.intent(KEY, false);
    log.accepted();
    return log;
  }

  private Log delivered(int run, int attempt, Outcome outcome) throws IOException {
    Log log = log(run, Kind.WORKER);
    deliver(log, attempt, outcome);
    return log;
  }

  private static void deliver(Log log, int attempt, Outcome outcome) {
    byte[] payload = PLAN.payload(KEY);
    log.delivered(KEY, attempt, outcome, PLAN.print(KEY, payload), payload.length);
  }

  private static DeadLetter letter(String reason) {
    byte[] payload = PLAN.payload(KEY);
    Instant now = Instant.now();
    return new DeadLetter(
        new JobId(1, 1), 1, now, now, reason, PLAN.options(KEY).headers(), payload);
  }

  private void assertFault(String words) {
    assertThat(report.faults()).singleElement().asString().contains(words);
  }

  @Test
  void findsNothingWhenAllIsWell() throws IOException {
    accepted(1);
    delivered(1, 1, Outcome.RETRY).done();
    oracle.take(logs, 1, End.PROCESS_DEATH);
    delivered(2, 2, Outcome.ACK).done();
    oracle.take(logs, 2, End.CLOSED);
    oracle.takeLast(List.of());
    assertThat(report.faults()).isEmpty();
    assertThat(report.figure("accepted")).isEqualTo(1);
  }

  @Test
  void findsALostJob() throws IOException {
    accepted(1);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    oracle.takeLast(List.of());
    assertFault("lost: job");
  }

  @Test
  void findsAJobThatIsLostAfterItCameBack() throws IOException {
    accepted(1);
    delivered(1, 1, Outcome.ACK);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    delivered(2, 1, Outcome.SNOOZE).done();
    oracle.take(logs, 2, End.CLOSED);
    oracle.takeLast(List.of());
    assertFault("lost after its first delivery");
  }

  @Test
  void findsAnInventedJob() throws IOException {
    delivered(1, 1, Outcome.ACK);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("never submitted");
  }

  @Test
  void findsOtherBytes() throws IOException {
    accepted(1);
    log(1, Kind.WORKER).delivered(KEY, 1, Outcome.ACK, 77, PLAN.payload(KEY).length);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("not the job's");
  }

  @Test
  void findsARefusalWithoutAReason() throws IOException {
    Log log = log(1, Kind.PRODUCER);
    log.intent(KEY, false);
    log.refused(null);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("without a reason");
  }

  @Test
  void findsARefusedJobThatIsDelivered() throws IOException {
    Log log = log(1, Kind.PRODUCER);
    log.intent(KEY, false);
    log.refused(Refusal.DISK_FULL);
    delivered(1, 1, Outcome.ACK);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("it was refused");
  }

  @Test
  void findsASuccessAfterAFailure() throws IOException {
    oracle.expectFailures();
    log(1, Kind.WATCH).failed();
    Log log = log(1, Kind.PRODUCER);
    log.intent(KEY, true);
    log.accepted();
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("though the queue had failed");
  }

  @Test
  void findsAFailureWithoutACause() throws IOException {
    log(1, Kind.WATCH).failed();
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("stopped after an error");
  }

  @Test
  void findsAFinishedJobThatComesBackThoughItsAckWasOnDisk() throws IOException {
    accepted(1);
    delivered(1, 1, Outcome.ACK).done();
    log(1, Kind.WATCH).flushed(System.currentTimeMillis() + 1_000);
    oracle.take(logs, 1, End.MACHINE_DEATH);
    delivered(2, 1, Outcome.ACK);
    oracle.take(logs, 2, End.PROCESS_DEATH);
    assertFault("its ack was on disk");
  }

  @Test
  void letsAFinishedJobComeBackWhoseAckWasNotOnDisk() throws IOException {
    accepted(1);
    log(1, Kind.WATCH).flushed(System.currentTimeMillis() - 1_000);
    delivered(1, 1, Outcome.ACK).done();
    oracle.take(logs, 1, End.PROCESS_DEATH);
    delivered(2, 1, Outcome.ACK);
    oracle.take(logs, 2, End.PROCESS_DEATH);
    assertThat(report.faults()).isEmpty();
    assertThat(report.figure("delivered again after an ack")).isEqualTo(1);
  }

  @Test
  void findsAJobThatIsFinishedTwiceInOneRun() throws IOException {
    accepted(1);
    delivered(1, 1, Outcome.ACK);
    delivered(1, 1, Outcome.ACK);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertThat(report.faults()).hasSize(2).anySatisfy(f -> assertThat(f).contains("finished"));
  }

  @Test
  void findsTwoFinishesOfWhichNoneWasLate() throws IOException {
    oracle.leasesEnd();
    accepted(1);
    delivered(1, 1, Outcome.ACK).done();
    delivered(1, 1, Outcome.ACK).done();
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("finished a second time");
  }

  @Test
  void letsAJobBeFinishedTwiceOfWhichOneWasLate() throws IOException {
    oracle.leasesEnd();
    accepted(1);
    Log first = delivered(1, 1, Outcome.ACK);
    first.late(KEY);
    first.done();
    delivered(1, 1, Outcome.ACK).done();
    oracle.take(logs, 1, End.CLOSED);
    oracle.takeLast(List.of());
    assertThat(report.faults()).isEmpty();
  }

  @Test
  void findsAnAttemptThatNobodyAskedFor() throws IOException {
    accepted(1);
    delivered(1, 2, Outcome.ACK);
    oracle.take(logs, 1, End.PROCESS_DEATH);
    assertFault("retried 0 times");
  }

  @Test
  void findsADeadLetterThatIsGone() throws IOException {
    accepted(1);
    delivered(1, 1, Outcome.REJECT).done();
    oracle.take(logs, 1, End.CLOSED);
    oracle.takeLast(List.of());
    assertThat(report.faults()).anySatisfy(f -> assertThat(f).contains("no longer among"));
  }

  @Test
  void findsADeadLetterWithoutCauseAndOneWithAnothersReason() throws IOException {
    accepted(1);
    delivered(1, 1, Outcome.REJECT).done();
    oracle.take(logs, 1, End.CLOSED);
    oracle.takeLast(List.of(letter("somebody else's")));
    assertFault("another's reason");
    Report other = new Report();
    Oracle anew = new Oracle(SEED, other);
    accepted(2);
    anew.take(logs, 2, End.CLOSED);
    anew.takeLast(List.of(letter(Plan.reason(KEY))));
    assertThat(other.faults()).singleElement().asString().contains("nobody rejected");
  }

  @Test
  void machineDeathMayCostWhatWasNotSynced() throws IOException {
    accepted(1);
    log(1, Kind.WATCH).durable(System.currentTimeMillis() - 1_000);
    oracle.take(logs, 1, End.MACHINE_DEATH);
    oracle.takeLast(List.of());
    assertThat(report.faults()).isEmpty();
    assertThat(report.figure("promised")).isZero();
  }

  @Test
  void machineDeathMustNotCostWhatWasSynced() throws IOException {
    accepted(1).synced();
    oracle.take(logs, 1, End.MACHINE_DEATH);
    oracle.takeLast(List.of());
    assertFault("lost: job");
  }

  @Test
  void machineDeathMustNotCostWhatTheStatusCalledDurable() throws IOException {
    accepted(1);
    log(1, Kind.WATCH).durable(System.currentTimeMillis() + 1_000);
    oracle.take(logs, 1, End.MACHINE_DEATH);
    oracle.takeLast(List.of());
    assertFault("lost: job");
  }

  @Test
  void machineDeathMustNotCostWhatAnEarlierRunHadLeft() throws IOException {
    accepted(1);
    oracle.take(logs, 1, End.MACHINE_DEATH);
    delivered(2, 1, Outcome.SNOOZE);
    oracle.take(logs, 2, End.MACHINE_DEATH);
    oracle.takeLast(List.of());
    assertFault("lost after its first delivery");
  }
}
