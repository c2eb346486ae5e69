package dev.bobbin.benchmarks.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A round counts only if every job arrived with every byte right. */
@Timeout(120)
class SessionTest {
  private static final Load LOAD = new Load(100, 1, 1, 16);

  @TempDir Path directory;

  /** Hands over a list of jobs in place of each job. */
  private record Changing(UnaryOperator<List<byte[]>> change) implements Peer {
    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public Transport open(Load load, Path folder) {
      LinkedBlockingQueue<byte[]> jobs = new LinkedBlockingQueue<>(1000);
      byte[] end = {};
      return new Transport() {
        private List<Receiver> receivers = List.of();

        @Override
        public void start(List<Receiver> workers) {
          receivers = workers;
          for (Receiver receiver : workers) {
            Thread thread =
                new Thread(
                    () -> {
                      try {
                        for (byte[] job; (job = jobs.take()) != end; ) {
                          receiver.handle(job);
                        }
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    });
            thread.setDaemon(true);
            thread.start();
          }
        }

        @Override
        public Producer producer() {
          return payload -> {
            for (byte[] job : change.apply(List.of(payload.clone()))) {
              jobs.put(job);
            }
          };
        }

        @Override
        public void close() {
          receivers.forEach(receiver -> jobs.add(end));
        }
      };
    }
  }

  private Measured run(Load load, UnaryOperator<List<byte[]>> change) throws Exception {
    try (Session session = new Session(new Changing(change), load, directory, 0.5)) {
      session.asFastAsPossible(0.01);
      return session.asFastAsPossible(0.05);
    }
  }

  @Test
  void countsJobsAndWhatTheyCost() throws Exception {
    Measured measured = run(LOAD, UnaryOperator.identity());
    assertThat(measured.jobs()).isPositive();
    assertThat(measured.seconds()).isGreaterThanOrEqualTo(0.05);
    assertThat(measured.lateness().getTotalCount()).isZero();
  }

  @Test
  void countsJobsOfSeveralProducersAndWorkers() throws Exception {
    assertThat(run(new Load(100, 3, 2, 16), UnaryOperator.identity()).jobs()).isPositive();
  }

  @Test
  void roundWithALostJobDoesNotCount() {
    int[] count = {0};
    assertThatThrownBy(() -> run(LOAD, job -> count[0]++ == 40 ? List.of() : job))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not count");
  }

  @Test
  void jobThatCameTwiceDoesNotStandForALostOne() {
    int[] count = {0};
    assertThatThrownBy(
            () ->
                run(
                    new Load(100, 1, 2, 16),
                    job ->
                        switch (count[0]++) {
                          case 40 -> List.of(job.get(0), job.get(0), job.get(0));
                          case 41, 42 -> List.of();
                          default -> job;
                        }))
        .hasMessageContaining("does not count");
  }

  @Test
  void jobsThatFilledTheQueueAreOfTheNextRound() throws Exception {
    try (Session session = new Session(new Changing(UnaryOperator.identity()), LOAD, directory)) {
      assertThat(session.fill(100).jobs()).isEqualTo(100);
      Measured paced = session.fill(1000, 0.05);
      assertThat(paced.jobs()).isEqualTo(50);
      assertThat(paced.lateness().getTotalCount()).isEqualTo(50);
      assertThat(session.asFastAsPossible(0.01).jobs()).isGreaterThan(150);
    }
  }

  @Test
  void roundWithoutAJobThatFilledTheQueueDoesNotCount() throws Exception {
    int[] count = {0};
    Changing losing = new Changing(job -> count[0]++ == 40 ? List.of() : job);
    try (Session session = new Session(losing, LOAD, directory, 0.5)) {
      session.fill(100);
      assertThatThrownBy(() -> session.asFastAsPossible(0.01))
          .hasMessageContaining("does not count");
    }
  }

  @Test
  void roundWithoutAJobOfAnEarlierSessionDoesNotCount() throws Exception {
    try (Session session =
        new Session(new Changing(UnaryOperator.identity()), LOAD, directory, 0.5)) {
      session.expect(1);
      assertThatThrownBy(() -> session.asFastAsPossible(0.01))
          .hasMessageContaining("does not count");
    }
  }

  @Test
  void wrongByteIsFound() {
    int[] count = {0};
    assertThatThrownBy(
            () ->
                run(
                    LOAD,
                    job -> {
                      job.get(0)[50] ^= (byte) (count[0]++ == 40 ? 1 : 0);
                      return job;
                    }))
        .hasMessageContaining("wrong bytes");
  }

  @Test
  void pacedRoundMeasuresFromWhenAJobWasDue() throws Exception {
    int[] count = {0};
    UnaryOperator<List<byte[]>> stall =
        job -> {
          if (count[0]++ == 100) {
            sleep(200);
          }
          return job;
        };
    try (Session session = new Session(new Changing(stall), LOAD, directory)) {
      Measured measured = session.paced(1000, 0.5, Waiting.SPINNING);
      assertThat(measured.jobs()).isEqualTo(500);
      assertThat(measured.lateness().getTotalCount()).isEqualTo(500);
      // Those that were due during the stall were late too, the first of them by all of it.
      assertThat(measured.lateness().getMaxValue()).isGreaterThan(190_000_000);
      assertThat(measured.lateness().getValueAtPercentile(80)).isGreaterThan(50_000_000);
    }
  }

  /** The stall that is to be measured: nothing is waited for. */
  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
