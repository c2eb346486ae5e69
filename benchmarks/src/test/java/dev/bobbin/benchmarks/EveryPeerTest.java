package dev.bobbin.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.benchmarks.peer.NamedPeer;
import dev.bobbin.benchmarks.peer.Peers;
import dev.bobbin.benchmarks.transport.Load;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each peer that is on this machine carries jobs in its own process, with its own server. */
@Tag("slow")
@Timeout(600)
class EveryPeerTest {
  @TempDir Path directory;

  static Stream<String> labels() {
    return Peers.all().stream().map(NamedPeer::label);
  }

  @ParameterizedTest
  @MethodSource("labels")
  void carriesEveryJob(String label) throws Exception {
    NamedPeer peer = Peers.named(label).orElseThrow();
    assumeTrue(peer.missing().isEmpty(), () -> peer.missing().orElseThrow());
    List<String> options = List.of("-XX:+UseSerialGC");
    try (Subject subject = new Subject(peer, new Load(100, 2, 2, 256), options, directory)) {
      assertThat(subject.settings()).isNotEmpty();
      assertThat(jobs(subject.ask("throughput 0.2"))).isPositive();
      assertThat(jobs(subject.ask("throughput 0.2"))).isPositive();
    }
    try (Subject subject = new Subject(peer, new Load(1024, 1, 1, 256), options, directory)) {
      Map<String, Object> round = subject.ask("latency 1000 0.2");
      assertThat(jobs(round)).isEqualTo(200);
      assertThat(round).containsKeys("p50", "p99", "p99.9", "max");
    }
  }

  private static long jobs(Map<String, Object> round) {
    return ((Number) round.get("jobs")).longValue();
  }
}
