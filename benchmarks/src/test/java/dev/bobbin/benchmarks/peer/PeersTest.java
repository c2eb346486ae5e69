package dev.bobbin.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each peer that needs no process of its own carries jobs, and all arrive. */
@Timeout(120)
class PeersTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bobbin",
        "bobbin-bytes",
        "bobbin-each",
        "bobbin-memory",
        "disruptor",
        "disruptor-multi",
        "jctools",
        "abq",
        "chronicle"
      })
  void carriesEveryJob(String label) throws Exception {
    carries(label, new Load(100, 2, 2, 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bare", "bare-claim", "bare-frame", "bare-map"})
  void carriesEveryJobOfOneProducer(String label) throws Exception {
    carries(label, new Load(100, 1, 1, 16));
  }

  private void carries(String label, Load load) throws Exception {
    NamedPeer named = Peers.named(label).orElseThrow();
    try (Peer peer = named.make();
        Session session = new Session(peer, load, directory)) {
      assertThat(named.missing()).isEmpty();
      assertThat(peer.settings()).isNotEmpty();
      assertThat(session.asFastAsPossible(0.05).jobs()).isPositive();
      assertThat(session.asFastAsPossible(0.05).jobs()).isPositive();
    }
  }
}
