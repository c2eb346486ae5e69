package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Directories that earlier versions wrote, and what is in them: each version must read them all.
 * docs/file-format.md says how to add those of a new format.
 */
@Timeout(120)
class GoldenFilesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/format-2");

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"closed", "killed", "backlog", "torn"})
  void isReadAsItWasWritten(String name) throws IOException {
    Path directory = GoldenFiles.unpack(GOLDEN.resolve(name + ".zip"), scratch.resolve(name));
    VerifyReport verified = Maintenance.verify(directory);
    assertThat(verified.queues()).hasSize(1);
    assertThat(verified.isHealthy()).as(verified.toString()).isTrue();
    assertThat(describe(directory))
        .containsExactlyElementsOf(Files.readAllLines(GOLDEN.resolve(name + ".txt")));
  }

  /** {@code mvn -pl core test -Dtest=GoldenFilesTest -DargLine=-Dbobbin.golden.write=true}. */
  @Test
  @EnabledIfSystemProperty(named = "bobbin.golden.write", matches = "true")
  void write() throws IOException {
    GoldenFiles files = new GoldenFiles(scratch);
    for (Path made : List.of(files.closed(), files.killed(), files.backlog(), files.torn())) {
      String name = made.getFileName().toString();
      GoldenFiles.pack(made, GOLDEN.resolve(name + ".zip"));
      Path copy = GoldenFiles.unpack(GOLDEN.resolve(name + ".zip"), scratch.resolve("re" + name));
      Files.write(GOLDEN.resolve(name + ".txt"), describe(copy));
    }
  }

  /** All that there is to know of what a directory holds, once it has been opened. */
  private static List<String> describe(Path directory) throws IOException {
    VerifyReport verified = Maintenance.verify(directory);
    QueueVerification before = verified.queues().get(0);
    List<String> lines = new ArrayList<>();
    lines.add(
        "verify: %d ready, %d delayed, %d dead, %d blocks, closed %b, ring %b with %d jobs"
            .formatted(
                before.ready(),
                before.delayed(),
                before.dead(),
                before.blocks(),
                before.cleanlyClosed(),
                before.ring().whole(),
                before.ring().jobs()));
    try (LocalBobbin bobbin = LocalBobbin.open(directory, GoldenFiles.standing());
        JobQueue<String> queue = GoldenFiles.queue(bobbin)) {
      RecoveryReport found = queue.recovery();
      lines.add(
          "recovery: %d ready, %d delayed, %d dead, %d suspects, %d from the ring, closed %b, torn %b"
              .formatted(
                  found.ready(),
                  found.delayed(),
                  found.dead(),
                  found.suspects(),
                  found.fromRing(),
                  found.cleanlyClosed(),
                  found.tornBytes() > 0));
      for (DeadLetter letter : queue.deadLetters().list(100)) {
        lines.add(
            "dead letter: %s, attempts %d, submitted %s, died %s, %s, headers %s, payload %s"
                .formatted(
                    letter.id(),
                    letter.attempts(),
                    letter.submittedAt(),
                    letter.diedAt(),
                    letter.reason(),
                    letter.headers(),
                    hash(letter.payload())));
      }
    }
    addFrames(directory, lines);
    try (LocalBobbin bobbin = LocalBobbin.open(directory, GoldenFiles.standing());
        JobQueue<String> queue = GoldenFiles.queue(bobbin)) {
      addDelivered(queue, lines);
    }
    return lines;
  }

  /** Every unfinished frame, field by field. */
  private static void addFrames(Path directory, List<String> lines) throws IOException {
    Path folder = directory.resolve("queues/q");
    long seed =
        ByteBuffer.wrap(Crash.read(folder.resolve("queue")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong(32);
    JournalReader reader =
        new JournalReader(
            new FileStorage(folder),
            seed,
            GoldenFiles.OPTIONS.segmentBytes(),
            0,
            new FrameBodies(seed),
            ByteBuffer::allocateDirect);
    try (Journal journal = reader.open(0).journal()) {
      for (Extent extent : journal.extents().all()) {
        FrameBodies.forEachLive(
            journal.readBody(extent),
            journal.extents().finishedIn(extent),
            (bytes, offset, position) -> lines.add(frame(bytes, offset)));
      }
    }
  }

  private static String frame(byte[] bytes, int offset) {
    int payload = Frame.payloadOffset(bytes, offset);
    int note = Frame.noteBytes(bytes, offset);
    int noteAt = offset + Frame.HEADER_BYTES + 2;
    return "frame: id %d, kind %d, attempt %d, time %d, submitted %d, %s, crashes %d, key %s, expires %s, %s, note %s, %s"
        .formatted(
            Frame.id(bytes, offset),
            Frame.kind(bytes, offset),
            Frame.attempt(bytes, offset),
            Frame.time(bytes, offset),
            Frame.submittedSeconds(bytes, offset),
            Frame.priority(bytes, offset),
            Frame.crashes(bytes, offset),
            Extras.key(bytes, offset),
            Extras.expiryMillis(bytes, offset),
            Extras.headers(bytes, offset),
            note == 0 ? "" : new String(bytes, noteAt, note - 2, StandardCharsets.UTF_8),
            hash(Arrays.copyOfRange(bytes, payload, payload + Frame.payloadLength(bytes, offset))));
  }

  /** Every job that is ready or due, as a worker gets it, in the order of ids. */
  private static void addDelivered(JobQueue<String> queue, List<String> lines) {
    List<String> delivered = new ArrayList<>();
    long due = queue.status().counts().ready();
    while (delivered.size() < due) {
      Lease<String> lease = queue.take(50, Duration.ofSeconds(60));
      assertThat(lease.isEmpty()).as("%d of %d jobs came", delivered.size(), due).isFalse();
      for (int i = 0; i < lease.size(); i++) {
        LeasedJob<String> job = lease.job(i);
        delivered.add(
            "delivered: %s, attempt %d, headers %s, payload %s"
                .formatted(
                    job.id(),
                    job.attempt(),
                    job.headers(),
                    hash(job.payload().getBytes(StandardCharsets.UTF_8))));
      }
      lease.ackAll();
    }
    delivered.sort(null);
    lines.addAll(delivered);
  }

  /** A payload's text if it is short, and its hash. */
  private static String hash(byte[] payload) {
    try {
      String hash =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload), 0, 8);
      String text = new String(payload, StandardCharsets.UTF_8);
      return payload.length
          + " bytes "
          + hash
          + " "
          + text.substring(0, Math.min(24, text.length()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
