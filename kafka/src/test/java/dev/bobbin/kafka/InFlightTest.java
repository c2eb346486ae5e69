package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final long FIRST = 1_000;
  private static final long STEP = 64;

  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final AtomicInteger settled = new AtomicInteger();

  @Test
  void recordsAreFoundByTheirPositions() {
    InFlight fetch = fetch(3);
    assertThat(fetch.first()).isEqualTo(FIRST);
    assertThat(fetch.record(at(2)).offset()).isEqualTo(2);
    assertThatThrownBy(() -> fetch.record(at(2) + 8)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> fetch.record(at(3))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void knowsWhichPositionsAreItsOwn() {
    InFlight fetch = fetch(2);
    assertThat(fetch.covers(at(0))).isTrue();
    assertThat(fetch.covers(at(1))).isTrue();
    assertThat(fetch.covers(at(0) - 1)).isFalse();
    assertThat(fetch.covers(at(2))).isFalse();
  }

  @Test
  void whatIsSettledIsToldOnce() {
    InFlight fetch = fetch(3);
    assertThat(fetch.accept(at(0), at(1))).isEqualTo(1);
    assertThat(fetch.accept(at(0), at(1))).isZero();
    fetch.release(at(1), at(2));
    assertThat(fetch.untold()).isEqualTo(2);
    assertThat(told(fetch)).containsExactly("0 ACCEPT", "1 RELEASE");
    assertThat(told(fetch)).isEmpty();
    assertThat(fetch.untold()).isZero();
    assertThat(fetch.isOpen()).isTrue();
  }

  @Test
  void theLastOneThatIsSettledIsAnnounced() {
    InFlight fetch = fetch(2);
    fetch.accept(at(0), at(1));
    assertThat(settled).hasValue(0);
    fetch.release(at(1), at(2));
    assertThat(settled).hasValue(1);
    fetch.accept(at(0), at(2));
    assertThat(settled).hasValue(1);
  }

  @Test
  void onlyWhatIsOpenIsRenewed() {
    InFlight fetch = fetch(3);
    fetch.accept(at(1), at(2));
    List<String> told = new ArrayList<>();
    fetch.renew((record, type) -> told.add(record.offset() + " " + type.name()));
    assertThat(told).containsExactly("0 RENEW", "2 RENEW");
    assertThat(fetch.isOpen()).isTrue();
  }

  @Test
  void whatWasLostCanNoLongerBeSettled() {
    InFlight fetch = fetch(3);
    assertThat(fetch.keep(record -> record.offset() != 1).jobs()).isEqualTo(1);
    assertThat(fetch.accept(at(1), at(2))).isZero();
    assertThat(told(fetch)).isEmpty();
    fetch.accept(at(0), at(1));
    fetch.accept(at(2), at(3));
    assertThat(settled).hasValue(1);
  }

  /** Acked while its lock was being renewed, which failed: the broker never hears of that ack. */
  @Test
  void lostAcksAreCounted() {
    InFlight fetch = fetch(3);
    fetch.accept(at(0), at(1));
    fetch.release(at(1), at(2));
    InFlight.Lost lost = fetch.keep(record -> false);
    assertThat(lost.jobs()).isEqualTo(3);
    assertThat(lost.accepted()).isEqualTo(1);
  }

  @Test
  void whatIsOpenWhenTheQueueClosesIsGivenBack() {
    InFlight fetch = fetch(3);
    fetch.accept(at(0), at(1));
    fetch.releaseOpen();
    assertThat(told(fetch)).containsExactly("0 ACCEPT", "1 RELEASE", "2 RELEASE");
    assertThat(fetch.isOpen()).isFalse();
  }

  @Test
  void agreesWithASimpleList() {
    for (int run = 0; run < 300; run++) {
      agreesOnce(1 + random.nextInt(20));
    }
  }

  private void agreesOnce(int size) {
    settled.set(0);
    InFlight fetch = fetch(size);
    // o: open, a: accepted, r: released, t: told or lost.
    char[] states = new char[size];
    Arrays.fill(states, 'o');
    for (int step = 0; step < 100; step++) {
      int from = random.nextInt(size);
      int to = from + 1 + random.nextInt(size - from);
      switch (random.nextInt(5)) {
        case 0 ->
            assertThat(fetch.accept(at(from), at(to)))
                .as("seed %d", seed)
                .isEqualTo(settle(states, from, to, 'a'));
        case 1 -> {
          fetch.release(at(from), at(to));
          settle(states, from, to, 'r');
        }
        case 2 -> assertThat(told(fetch)).as("seed %d", seed).isEqualTo(tell(states));
        case 3 -> {
          Set<Long> held = new HashSet<>();
          random.longs(2L * size, 0, size).forEach(held::add);
          fetch.keep(record -> held.contains(record.offset()));
          for (int i = 0; i < size; i++) {
            states[i] = held.contains((long) i) ? states[i] : 't';
          }
        }
        default -> {
          String now = new String(states);
          assertThat(fetch.isOpen()).as("seed %d", seed).isEqualTo(now.contains("o"));
          assertThat(fetch.untold())
              .as("seed %d", seed)
              .isEqualTo(now.replaceAll("[ot]", "").length());
        }
      }
      boolean all = new String(states).indexOf('o') < 0;
      assertThat(settled).as("seed %d", seed).hasValue(all ? 1 : 0);
    }
  }

  private static int settle(char[] states, int from, int to, char state) {
    int count = 0;
    for (int i = from; i < to; i++) {
      if (states[i] == 'o') {
        states[i] = state;
        count++;
      }
    }
    return count;
  }

  private static List<String> tell(char[] states) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      if (states[i] == 'a' || states[i] == 'r') {
        AcknowledgeType type = states[i] == 'a' ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE;
        told.add(i + " " + type.name());
        states[i] = 't';
      }
    }
    return told;
  }

  private static List<String> told(InFlight fetch) {
    List<String> told = new ArrayList<>();
    fetch.tell((record, type) -> told.add(record.offset() + " " + type.name()));
    return told;
  }

  private static long at(int index) {
    return FIRST + index * STEP;
  }

  private InFlight fetch(int size) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long[] positions = new long[size + 1];
    for (int i = 0; i < size; i++) {
      records.add(new ConsumerRecord<>("jobs", 0, i, null, new byte[0]));
      positions[i] = at(i);
    }
    positions[size] = at(size);
    return new InFlight(records, positions, settled::incrementAndGet);
  }
}
