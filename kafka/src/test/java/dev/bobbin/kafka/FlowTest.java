package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FlowTest {
  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final Flow flow = new Flow();

  // What the broker has and knows, and of what it has told this process.
  private long arrived;
  private long confirmed;
  private long finished;
  private long known;
  private long committed;
  private long sent;

  @Test
  void countsWhatThisProcessPutsInAndTakesOut() {
    flow.sent();
    assertThat(flow.size()).isEqualTo(1);
    flow.confirmed();
    flow.sent();
    flow.failed();
    assertThat(flow.size()).isEqualTo(1);
    flow.done(1);
    assertThat(flow.size()).isZero();
    flow.undone(1);
    assertThat(flow.size()).isEqualTo(1);
  }

  @Test
  void atRestTheBrokerIsBelieved() {
    flow.sampled(7, flow.totals());
    assertThat(flow.size()).isEqualTo(7);
    flow.sampled(3, flow.totals());
    assertThat(flow.size()).isEqualTo(3);
  }

  @Test
  void sampleIsPassedOverWhileJobsMoveButNotForEver() {
    flow.sent();
    int samples = 0;
    while (flow.size() == 1) {
      flow.sampled(100, flow.totals());
      samples++;
    }
    assertThat(samples).isEqualTo(6);
    assertThat(flow.size()).isEqualTo(101);
  }

  @Test
  void sizeIsNeverNegative() {
    flow.done(5);
    assertThat(flow.size()).isZero();
  }

  /** The broker may know of an ack before this process knows that it does. */
  @Test
  void ackOnItsWayDoesNotHideAnotherJob() {
    for (int i = 0; i < 2; i++) {
      flow.sent();
      flow.confirmed();
    }
    flow.done(1);
    for (int i = 0; i < 6; i++) {
      flow.sampled(1, flow.totals());
    }
    assertThat(flow.size()).isEqualTo(1);
    flow.committed(1);
    assertThat(flow.size()).isEqualTo(1);
  }

  /** As after a lost connection: whether the broker heard of an ack is never known. */
  @Test
  void lostAnswerDoesNotMakeCountsWrongForEver() {
    flow.sent();
    flow.confirmed();
    flow.done(1);
    for (int i = 0; i < 6; i++) {
      flow.sampled(1, flow.totals());
    }
    assertThat(flow.size()).isEqualTo(1);
  }

  /** Whether the sample still sees the job or just does not: it is not counted any longer. */
  @Test
  void jobThatIsDoneWhileASampleComesInLeavesAtOnce() throws InterruptedException {
    int rounds = 50_000;
    Flow[] flows = new Flow[rounds];
    Arrays.setAll(flows, i -> new Flow());
    AtomicInteger round = new AtomicInteger(-1);
    Thread worker =
        new Thread(
            () -> {
              for (int i = 0; i < rounds; i++) {
                while (round.get() < i) {
                  Thread.onSpinWait();
                }
                flows[i].done(1);
              }
            });
    worker.start();
    for (int i = 0; i < rounds; i++) {
      flows[i].sampled(5, flows[i].totals());
      Flow.Totals before = flows[i].totals();
      round.set(i);
      flows[i].sampled(5, before);
    }
    worker.join();
    assertThat(flows).extracting(Flow::size).containsOnly(4L);
  }

  @Test
  void neverSaysLessThanTheTruthWhateverIsOnItsWay() {
    for (int run = 0; run < 300; run++) {
      FlowTest one = new FlowTest();
      one.runs(new Random(seed + run));
    }
  }

  private void runs(Random luck) {
    Flow.Totals before = null;
    long lag = -1;
    for (int step = 0; step < 500; step++) {
      switch (luck.nextInt(8)) {
        case 0 -> {
          sent++;
          flow.sent();
        }
        case 1 -> arrived += arrived < sent ? 1 : 0;
        case 2 -> {
          if (confirmed < arrived) {
            confirmed++;
            flow.confirmed();
          }
        }
        case 3 -> {
          if (finished < arrived) {
            finished++;
            flow.done(1);
          }
        }
        case 4 -> known += known < finished ? 1 : 0;
        case 5 -> {
          if (committed < known) {
            committed++;
            flow.committed(1);
          }
        }
        case 6 -> before = before == null ? flow.totals() : before;
        default -> {
          if (before != null && lag < 0) {
            lag = arrived - known;
          } else if (before != null) {
            flow.sampled(lag, before);
            before = null;
            lag = -1;
          }
        }
      }
      assertThat(flow.size())
          .as("seed %d, step %d", seed, step)
          .isGreaterThanOrEqualTo(sent - finished);
    }
    rest();
    assertThat(flow.size()).as("seed %d", seed).isEqualTo(sent - finished);
  }

  /** Everything arrives, and the broker is asked once more. */
  private void rest() {
    arrived = sent;
    while (confirmed < arrived) {
      confirmed++;
      flow.confirmed();
    }
    known = finished;
    flow.committed(known - committed);
    committed = known;
    flow.sampled(arrived - known, flow.totals());
  }
}
