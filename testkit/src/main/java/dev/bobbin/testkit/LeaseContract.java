package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Those who pull hold jobs for a time, and what they say afterwards changes nothing. */
interface LeaseContract extends ContractSetup {
  /** As short as a lease can be. */
  Duration SHORT = Duration.ofMillis(10);

  @Test
  default void takesAndAcks() {
    JobQueue<String> queue = queue();
    queue.submitAll(List.of("one", "two", "three"));
    try (Lease<String> lease = queue.take(2, patience())) {
      assertThat(lease.size()).isEqualTo(2);
      assertThat(lease.job(0).payload()).isEqualTo("one");
      assertThat(lease.job(0).attempt()).isEqualTo(1);
      assertThat(lease.ackAll()).isEqualTo(2);
      assertThat(lease.unsettled()).isZero();
    }
    try (Lease<String> lease = queue.take(2, patience())) {
      assertThat(lease.size()).isEqualTo(1);
      assertThat(lease.job(0).ack()).isTrue();
      assertThat(lease.job(0).ack()).isFalse();
    }
    assertThat(queue.awaitIdle(patience())).isTrue();
  }

  @Test
  default void emptyLeaseWhenThereIsNoJob() {
    try (Lease<String> lease = queue().take(1, Duration.ZERO)) {
      assertThat(lease.isEmpty()).isTrue();
      assertThat(lease.renew()).isFalse();
    }
  }

  @Test
  default void waitsForTheFirstJob() throws Exception {
    JobQueue<String> queue = queue();
    Thread producer = new Thread(() -> queue.submit("job"));
    producer.start();
    try (Lease<String> lease = queue.take(1, patience())) {
      assertThat(lease.size()).isEqualTo(1);
      lease.ackAll();
    }
    producer.join();
  }

  @Test
  default void whatALeaseLeavesGoesToOthersAsItWas() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    queue.take(1, patience()).close();
    try (Lease<String> lease = queue.take(1, patience())) {
      assertThat(lease.job(0).attempt()).isEqualTo(1);
      lease.ackAll();
    }
  }

  @Test
  default void leaseEndsAndAStaleAckIsRefusedAndCounted() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    Lease<String> old = queue.take(1, patience(), SHORT);
    assertThat(old.size()).isEqualTo(1);
    Lease<String> now = queue.take(1, patience());
    assertThat(now.size()).isEqualTo(1);
    assertThat(now.token()).isGreaterThan(old.token());
    assertThat(now.job(0).attempt()).isEqualTo(1);
    assertThat(old.expiresIn()).isZero();
    assertThat(old.job(0).ack()).isFalse();
    assertThat(old.job(0).reject("stale")).isFalse();
    assertThat(old.renew()).isFalse();
    assertThat(now.job(0).ack()).isTrue();
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.deadLetters().count()).isZero();
    assertThat(queue.status().totals().staleAcks()).isEqualTo(2);
    assertThat(queue.status().totals().leasesLost()).isEqualTo(1);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
  }

  @Test
  default void renewedLeaseGoesOn() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    try (Lease<String> lease = queue.take(1, patience(), Duration.ofMinutes(1))) {
      assertThat(lease.renew(Duration.ofHours(1))).isTrue();
      assertThat(lease.expiresIn()).isGreaterThan(Duration.ofMinutes(30));
      assertThat(lease.job(0).ack()).isTrue();
    }
  }

  @Test
  default void leasedJobsHaveEachTheirOutcome() {
    JobQueue<String> queue = queue();
    queue.submitAll(List.of("retry", "snooze", "reject", "ack"));
    try (Lease<String> lease = queue.take(4, patience())) {
      assertThat(lease.size()).isEqualTo(4);
      for (LeasedJob<String> job : lease) {
        boolean settled =
            switch (job.payload()) {
              case "retry" -> job.retry(Duration.ZERO, "again");
              case "snooze" -> job.snooze(Duration.ZERO);
              case "reject" -> job.reject("no");
              default -> job.ack();
            };
        assertThat(settled).isTrue();
      }
    }
    assertThat(queue.deadLetters().count()).isEqualTo(1);
    Seen<String> seen = new Seen<>(patience());
    for (int i = 0; i < 2; i++) {
      try (Lease<String> lease = queue.take(1, patience())) {
        lease.forEach(job -> seen.add(job.payload() + job.attempt()));
        lease.ackAll();
      }
    }
    assertThat(seen.next(2)).containsExactlyInAnyOrder("retry2", "snooze1");
  }

  @Test
  default void refusesLeasesOutOfRange() {
    JobQueue<String> queue = queue();
    assertThatThrownBy(() -> queue.take(0, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.take(1, Duration.ZERO, Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
