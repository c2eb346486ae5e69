package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has one queue open during each test, from which jobs are taken under leases. */
abstract class Leases extends OneQueue {
  Leases(Backend backend) {
    super(backend, 3);
  }

  void submit(String... payloads) {
    queue.submitAll(List.of(payloads));
  }

  /** Takes exactly so many jobs under one lease or several. */
  List<Lease<String>> take(int jobs, Duration leaseTime) {
    List<Lease<String>> leases = new ArrayList<>();
    int taken = 0;
    while (taken < jobs) {
      Lease<String> lease = queue.take(jobs - taken, LONG, leaseTime);
      assertThat(lease.isEmpty()).isFalse();
      taken += lease.size();
      leases.add(lease);
    }
    assertThat(taken).isEqualTo(jobs);
    return leases;
  }

  Lease<String> takeOne(Duration leaseTime) {
    return take(1, leaseTime).get(0);
  }

  void expectNothing() {
    assertThat(queue.take(10, Duration.ZERO).size()).isZero();
  }

  void expectUnfinished(long jobs) {
    assertThat(queue.status().unfinished()).isEqualTo(jobs);
  }
}
