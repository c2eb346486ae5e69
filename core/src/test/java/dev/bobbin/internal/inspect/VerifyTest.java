package dev.bobbin.internal.inspect;

import static dev.bobbin.internal.inspect.Wreck.BODY;
import static dev.bobbin.internal.inspect.Wreck.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Damage;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueVerification;
import dev.bobbin.VerifyReport;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What verify finds, on real directories. */
@Timeout(300)
class VerifyTest {
  @TempDir Path scratch;
  private Wreck wreck;

  @BeforeEach
  void begin() {
    wreck = new Wreck(scratch);
  }

  /** Verifies, and sees to it that nothing was changed. */
  private static VerifyReport verified(Path directory) {
    var before = Crash.contents(directory);
    VerifyReport report = Maintenance.verify(directory);
    assertThat(Crash.contents(directory)).as("nothing was changed").isEqualTo(before);
    return report;
  }

  private static QueueVerification healthy(Path directory) {
    VerifyReport report = verified(directory);
    assertThat(report.damages()).isEmpty();
    assertThat(report.queues()).hasSize(1);
    assertThat(report.queues().get(0).damages()).isEmpty();
    assertThat(report.isHealthy()).isTrue();
    return report.queues().get(0);
  }

  private static List<Damage> damages(Path directory) {
    VerifyReport report = verified(directory);
    assertThat(report.isHealthy()).isFalse();
    List<Damage> damages = new ArrayList<>(report.damages());
    report.queues().forEach(queue -> damages.addAll(queue.damages()));
    return damages;
  }

  private static void finds(Path directory, Path file, long offset) throws IOException {
    Path real = file.toRealPath();
    assertThat(damages(directory))
        .anySatisfy(
            damage -> {
              assertThat(damage.file()).isEqualTo(real);
              assertThat(damage.offset()).isEqualTo(offset);
              assertThat(damage.expected()).isNotEmpty();
              assertThat(damage.found()).isNotEmpty();
            });
  }

  // healthy

  @Test
  void countsAClosedQueue() {
    Path directory = scratch.resolve("closed");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      submit(Wreck.queue(bobbin), "a", "b", "c");
    }
    QueueVerification queue = healthy(directory);
    assertThat(queue.ready()).isEqualTo(3);
    assertThat(queue.cleanlyClosed()).isTrue();
    assertThat(queue.tornBytes()).isZero();
    assertThat(queue.liveBytes()).isEqualTo(3 * 48);
    assertThat(queue.deadBytes()).isPositive();
    assertThat(queue.segments()).isEqualTo(1);
    assertThat(queue.spareSegments()).isPositive();
  }

  @Test
  void countsWhatTheRingAdds() {
    QueueVerification queue = healthy(wreck.threeBlocks());
    assertThat(queue.ready()).isEqualTo(4);
    assertThat(queue.cleanlyClosed()).isFalse();
    assertThat(queue.ring().whole()).isTrue();
    assertThat(queue.ring().jobs()).isEqualTo(1);
  }

  @Test
  void countsByStateAsOpeningDoes() {
    Path dead = wreck.mixed();
    QueueVerification queue = healthy(dead);
    assertThat(List.of(queue.ready(), queue.delayed(), queue.dead())).containsExactly(3L, 2L, 1L);
    try (Bobbin bobbin = Bobbin.open(dead)) {
      var found = Wreck.queue(bobbin).recovery();
      assertThat(List.of(found.ready(), found.delayed(), found.dead())).containsExactly(3L, 2L, 1L);
    }
  }

  @Test
  void tornTailIsNoDamage() {
    Path dead = wreck.threeBlocks();
    Wreck.block(dead, 2).damage(BODY);
    QueueVerification queue = healthy(dead);
    assertThat(queue.tornBytes()).isEqualTo(4096);
    assertThat(queue.ready()).isEqualTo(3);
  }

  @Test
  void severalLivesAndCutTailsAreNoDamage() {
    Path dead = wreck.threeBlocks();
    Wreck.block(dead, 2).damage(20);
    dead = wreck.afterDeath(dead, queue -> submit(queue, "e"));
    dead = wreck.afterDeath(dead, queue -> submit(queue, "f"));
    assertThat(healthy(dead).ready()).isEqualTo(5);
    assertThat(healthy(wreck.threeLives()).ready()).isEqualTo(3);
    assertThat(healthy(wreck.withGap()).ready()).isEqualTo(2);
    assertThat(healthy(wreck.withAcks()).ready()).isEqualTo(3);
  }

  @Test
  void lostRingIsNoDamage() throws IOException {
    Path dead = wreck.threeBlocks();
    Files.delete(Crash.ring(dead));
    QueueVerification queue = healthy(dead);
    assertThat(queue.ring().whole()).isFalse();
    assertThat(queue.ready()).isEqualTo(3);
  }

  @Test
  void changesNotEvenTheLock() throws IOException {
    Path directory = scratch.resolve("closed");
    Bobbin.open(directory).close();
    byte[] lock = Crash.read(directory.resolve("lock"));
    assertThat(Maintenance.verify(directory).queues()).isEmpty();
    assertThat(directory.resolve("lock")).hasBinaryContent(lock);
    Path dead = wreck.threeBlocks();
    assertThat(dead.resolve("lock")).doesNotExist();
    healthy(dead);
    assertThat(dead.resolve("lock")).doesNotExist();
  }

  @Test
  void directoryInUseIsRefused() {
    Path directory = scratch.resolve("live");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThat(bobbin.queueNames()).isEmpty();
      assertThatThrownBy(() -> Maintenance.verify(directory))
          .isInstanceOf(DirectoryInUseException.class);
    }
    assertThat(Maintenance.verify(directory).isHealthy()).isTrue();
  }

  @Test
  void whatIsNotBobbinsIsRefused() throws IOException {
    assertThatThrownBy(() -> Maintenance.verify(scratch)).isInstanceOf(BobbinException.class);
    assertThat(scratch).isEmptyDirectory();
    Path other = scratch.resolve("none");
    assertThatThrownBy(() -> Maintenance.verify(other)).hasMessageContaining("does not exist");
    Path newer = wreck.threeBlocks();
    Files.writeString(newer.resolve("bobbin"), "Bobbin directory, format 7777\n");
    assertThatThrownBy(() -> Maintenance.verify(newer)).hasMessageContaining("7777");
  }

  // damaged

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 20, BODY - 8})
  void findsADamagedHeader(int at) throws IOException {
    Path dead = wreck.threeBlocks();
    BlockAt bad = Wreck.block(dead, 0);
    bad.damage(at);
    finds(dead, bad.file(), bad.offset());
  }

  @ParameterizedTest
  @ValueSource(ints = {BODY, BODY + 40})
  void findsADamagedBodyThatOpeningWouldNotRead(int at) throws IOException {
    Path dead = wreck.threeBlocks();
    BlockAt bad = Wreck.block(dead, 0);
    bad.damage(at);
    finds(dead, bad.file(), bad.offset() + BODY);
  }

  @Test
  void findsDamagedGaps() throws IOException {
    Path dead = wreck.withGap();
    BlockAt bad = Wreck.block(dead, 0);
    bad.damage(BODY + bad.bodyBytes() + 1);
    finds(dead, bad.file(), bad.offset() + BODY + bad.bodyBytes());
  }

  @Test
  void findsDamagedAcks() throws IOException {
    Path dead = wreck.withAcks();
    BlockAt bad = Wreck.acks(dead);
    bad.damage(BODY + 2);
    finds(dead, bad.file(), bad.offset() + BODY);
  }

  @Test
  void findsADamagedSegmentHeader() throws IOException {
    Path dead = wreck.threeLives();
    Path middle = Crash.segments(dead).get(1);
    Crash.write(middle, 16, new byte[] {1, 2, 3});
    finds(dead, middle, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void findsAMissingSegment(int missing) {
    Path dead = wreck.threeLives();
    assertThat(Crash.segments(dead)).hasSize(4);
    Wreck.delete(Crash.segments(dead).get(missing));
    assertThat(damages(dead)).isNotEmpty();
  }

  @Test
  void findsASegmentOfAnotherAge() throws IOException {
    Path live = scratch.resolve("live");
    Path[] older = new Path[1];
    Path dead =
        wreck.afterDeath(
            live,
            queue -> {
              submit(queue, "a");
              queue.sync();
              older[0] = Crash.segments(wreck.copy(live)).get(0);
              submit(queue, "b");
              queue.sync();
            });
    dead = wreck.afterDeath(dead, queue -> submit(queue, "c"));
    dead = wreck.afterDeath(dead, queue -> {});
    Path spliced = Crash.folder(dead).resolve(older[0].getFileName());
    Files.copy(older[0], spliced, StandardCopyOption.REPLACE_EXISTING);
    Path real = spliced.toRealPath();
    assertThat(damages(dead)).anyMatch(d -> d.file().equals(real) && d.offset() > 4096);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 4096 + 40, 4096 * 3})
  void findsASegmentThatWasCut(int bytes) throws IOException {
    Path dead = wreck.threeLives();
    Path first = Crash.segments(dead).get(0);
    Wreck.cut(first, bytes);
    finds(dead, first, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 13, 25, 36})
  void findsADamagedQueueFile(int at) throws IOException {
    Path dead = wreck.threeBlocks();
    Path file = Crash.folder(dead).resolve("queue");
    byte[] bytes = Crash.read(file);
    bytes[at] ^= 0x11;
    Crash.write(file, 0, bytes);
    finds(dead, file, 0);
  }

  @Test
  void findsAMissingQueueFile() throws IOException {
    Path dead = wreck.threeBlocks();
    Path file = Crash.folder(dead).toRealPath().resolve("queue");
    Wreck.delete(file);
    assertThat(damages(dead)).anyMatch(d -> d.file().equals(file));
  }

  @Test
  void findsADamagedMarker() throws IOException {
    Path dead = wreck.threeBlocks();
    Files.writeString(dead.resolve("bobbin"), "Bobbin directorx, format 2\n");
    finds(dead, dead.resolve("bobbin"), 0);
    Wreck.delete(dead.resolve("bobbin"));
    Path marker = dead.toRealPath().resolve("bobbin");
    assertThat(damages(dead)).anyMatch(d -> d.file().equals(marker));
  }

  /** Whatever its size says, no more of it is read than a marker has. */
  @Test
  void hugeMarkerIsDamage() throws IOException {
    Path dead = wreck.threeBlocks();
    Path marker = dead.resolve("bobbin");
    try (FileChannel file = FileChannel.open(marker, StandardOpenOption.WRITE)) {
      // A hole: more than an array can hold, and nothing on the disk.
      file.write(ByteBuffer.wrap(new byte[1]), 3L << 30);
    }
    assertThat(Maintenance.verify(dead).damages()).hasSize(1);
    assertThatThrownBy(() -> Bobbin.open(dead))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("bobbin repair");
  }

  @Test
  void findsAllDamagesAtOnce() {
    Path dead = wreck.threeLives();
    List<BlockAt> blocks = Crash.blocks(dead);
    blocks.get(0).damage(20);
    blocks.get(1).damage(BODY + 40);
    Wreck.cut(Crash.segments(dead).get(2), 1 << 19);
    assertThat(damages(dead)).hasSizeGreaterThanOrEqualTo(3);
  }
}
