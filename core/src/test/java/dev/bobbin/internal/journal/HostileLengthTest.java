package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.CorruptionException;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lengths and counts that somebody made up, under checksums that match: he has read the seed. What
 * they ask for is never allocated; the queue is refused, fails, or does without the block.
 */
@Timeout(120)
class HostileLengthTest {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  @TempDir Path scratch;
  private Path directory;
  private Path segment;
  private long seed;
  private Block.Header header;
  private byte[] body;

  /** The first block of the journal has one job of one byte. */
  @BeforeEach
  void create() {
    directory = scratch.resolve("dir");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), SMALL);
      queue.submit("x");
      queue.sync();
      queue.submit("y");
    }
    segment = Crash.folder(directory).resolve("00000000.segment");
    byte[] identity = Crash.read(Crash.folder(directory).resolve("queue"));
    seed = ByteBuffer.wrap(identity).order(ByteOrder.LITTLE_ENDIAN).getLong(32);
    byte[] file = Crash.read(segment);
    for (int at = 4096; header == null || !header.hasJobs(); at += 4096) {
      ByteBuffer block = ByteBuffer.wrap(Arrays.copyOfRange(file, at, at + Block.HEADER_BYTES));
      header = Block.read(block, seed);
      assertThat(header).isNotNull();
      blockAt = at;
    }
    int bodyAt = blockAt + Block.HEADER_BYTES;
    body = Arrays.copyOfRange(file, bodyAt, bodyAt + header.bodyBytes());
  }

  private int blockAt;

  private void write(int bodyBytes, int gaps, int ready, int asides) {
    ByteBuffer block = ByteBuffer.allocate(Block.HEADER_BYTES + body.length);
    block.position(Block.HEADER_BYTES).put(body);
    Block.Header forged =
        new Block.Header(
            bodyBytes,
            Block.check(ByteBuffer.wrap(body), 0, body.length, 0),
            header.segment(),
            header.number(),
            header.kind(),
            header.first(),
            header.end(),
            header.journaledEnd(),
            header.durable(),
            header.oldestSegment(),
            ready,
            asides,
            gaps,
            header.gapCheck());
    Block.seal(block, forged, seed);
    Crash.write(segment, blockAt, block.array());
  }

  /** Whatever comes of it, it is not an error of the JVM's, and it is over soon. */
  private void survive() throws IOException {
    Maintenance.verify(directory);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), SMALL);
      try (Lease<String> lease = queue.take(10, Duration.ofMillis(200))) {
        assertThat(lease.size()).isLessThanOrEqualTo(2);
      }
    } catch (BobbinException e) {
      assertThat(e.getCause() instanceof Error).as(e.toString()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 30, (1 << 20) - 4096})
  void ofABody(int bytes) throws IOException {
    write(bytes, header.gaps(), header.ready(), header.asides());
    survive();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 26, 1 << 16})
  void ofGaps(int gaps) throws IOException {
    write(header.bodyBytes(), gaps, header.ready(), header.asides());
    survive();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE})
  void ofJobs(int jobs) throws IOException {
    write(header.bodyBytes(), header.gaps(), header.ready(), jobs);
    survive();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 15, Integer.MIN_VALUE, -1, 0, 41})
  void ofAFrame(int length) throws IOException {
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
    // With and without a look at each frame when the queue is opened.
    for (int asides : new int[] {0, 1}) {
      write(header.bodyBytes(), header.gaps(), 1 - asides, asides);
      survive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, (1 << 30) + 4096})
  void ofRingAndSegments(int bytes) throws IOException {
    Path file = Crash.folder(directory).resolve("queue");
    for (int at : new int[] {24, 28}) {
      ByteBuffer identity =
          ByteBuffer.wrap(Arrays.copyOf(Crash.read(file), 40)).order(ByteOrder.LITTLE_ENDIAN);
      identity.putInt(at, bytes);
      identity.putInt(12, Block.check(identity, 16, 24, 0));
      Crash.write(file, 0, identity.array());
      Maintenance.verify(directory);
      try (Bobbin bobbin = Bobbin.open(directory)) {
        bobbin.queue("q", Codec.text(), bobbin.storedQueue("q").orElseThrow().options());
        throw new AssertionError("no queue has such sizes");
      } catch (BobbinException | IllegalArgumentException e) {
        assertThat(e.getCause() instanceof Error).as(e.toString()).isFalse();
      }
    }
  }

  private void writeHeader(Path file, long number, long firstBlock) {
    Crash.write(file, 0, Segment.header(seed, number, firstBlock).array());
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void ofSegmentsAndBlocks(long number) throws IOException {
    for (boolean segments : new boolean[] {true, false}) {
      writeHeader(segment, segments ? number : 1, segments ? 0 : number);
      survive();
    }
  }

  @Test
  void segmentThatBeginsBeforeTheOldestOneIsRefused() {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      bobbin.queue("q", Codec.text(), SMALL).submit("z");
    }
    writeHeader(segment, 1, 1_000_000);
    assertThat(Maintenance.verify(directory).isHealthy()).isFalse();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThatThrownBy(() -> bobbin.queue("q", Codec.text(), SMALL))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("begins with block");
    }
  }

  @Test
  void theForgeryIsOne() throws IOException {
    // With the same numbers all is as it was: so it is the numbers that the others are refused for.
    write(header.bodyBytes(), header.gaps(), header.ready(), header.asides());
    assertThat(Maintenance.verify(directory).isHealthy()).isTrue();
  }
}
