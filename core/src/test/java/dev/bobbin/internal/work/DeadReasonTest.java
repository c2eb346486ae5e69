package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.local.Inside;
import dev.bobbin.internal.watch.Watch;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dead letter gets its reason if there is room for it. */
@Timeout(60)
class DeadReasonTest {
  private static final QueueOptions OPTIONS = QueueOptions.defaults().withRingBytes(256 << 10);
  private static final String REASON = "r".repeat(1000);
  private static final int LESS_THAN_THE_LETTER = 1000;

  private final Bobbin bobbin = Bobbin.inMemory();
  private final JobQueue<String> queue = bobbin.queue("q", Codec.text(), OPTIONS);

  @AfterEach
  void close() {
    bobbin.close();
  }

  /** Who is held up between looking for room and looking whether to go on looks once more. */
  @Test
  void roomThatComesAtTheLastMomentIsUsed() {
    Desk desk = Inside.desk(queue);
    while (queue.trySubmit("job").accepted()) {
      // Until producers get no more room.
    }
    while (desk.window.hasAmple(LESS_THAN_THE_LETTER)) {
      try (Lease<String> lease = queue.take(1, Duration.ZERO)) {
        assertThat(lease.job(0).reject(REASON)).isTrue();
      }
    }
    queue.deadLetters().purgeAll();
    AtomicInteger asked = new AtomicInteger();
    Outcomes outcomes = new Outcomes(whenAsked(desk, asked, this::emptyQueue));
    Taker taker = new Taker(desk, 1);
    assertThat(taker.enter(1) && taker.take()).isTrue();
    Delivery job = taker.copied();
    assertThat(
            outcomes.carryOut(
                new Unacked(job.bytes(), job.offset(0), Unacked.Kind.REJECT, 0, REASON)))
        .isTrue();
    taker.leave();
    taker.close();
    assertThat(asked).hasPositiveValue();
    assertThat(queue.deadLetters().list(10))
        .singleElement()
        .satisfies(letter -> assertThat(letter.reason()).isEqualTo(REASON));
  }

  private void emptyQueue() {
    Lease<String> lease = queue.take(1000, Duration.ZERO);
    while (!lease.isEmpty()) {
      lease.forEach(LeasedJob::ack);
      lease = queue.take(1000, Duration.ZERO);
    }
  }

  /** The same desk, but that {@code then} is run when the count of cycles is asked for. */
  private static Desk whenAsked(Desk desk, AtomicInteger asked, Runnable then) {
    Object ledger =
        Proxy.newProxyInstance(
            Desk.Ledger.class.getClassLoader(),
            new Class<?>[] {Desk.Ledger.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("cycles")) {
                asked.incrementAndGet();
                then.run();
              }
              return method.invoke(desk.ledger, arguments);
            });
    return new Desk(
        desk.ring,
        desk.window,
        desk.doorbell,
        OPTIONS,
        (Desk.Ledger) ledger,
        new Watch().crew,
        1_000,
        null);
  }
}
