package dev.bobbin.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything unfinished moves from a directory to Kafka and back. */
class MigrationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String QUEUE = "moving";

  @TempDir Path directory;
  private final KafkaOptions kafka = SharedBroker.options();

  @Test
  void movesWhatIsUnfinishedToKafkaAndBack() {
    Map<String, JobId> ids = new HashMap<>();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue(QUEUE, Codec.text());
      ids.put("rejected", queue.submit("rejected", JobOptions.NONE.header("h", "1")));
      ids.put("again", queue.submit("again"));
      ids.put("acked", queue.submit("acked"));
      try (Lease<String> lease = queue.take(3, PATIENCE)) {
        for (LeasedJob<String> job : lease) {
          switch (job.payload()) {
            case "rejected" -> job.reject("no such user");
            case "again" -> job.retry(Duration.ofDays(2), "later");
            default -> job.ack();
          }
        }
      }
      for (int i = 0; i < 100; i++) {
        ids.put("ready " + i, queue.submit("ready " + i));
      }
      JobOptions carried =
          JobOptions.priority(Priority.HIGH)
              .header("trace", "7")
              .keyed("k")
              .expiringAfter(Duration.ofDays(9));
      ids.put("high", queue.submit("high", carried));
      ids.put("delayed", queue.submit("delayed", Duration.ofDays(1)));
    }
    long[] told = {0};

    long moved = Migration.toKafka(directory, QUEUE, kafka, (done, total) -> told[0] = done);

    assertThat(moved).isEqualTo(104);
    assertThat(told[0]).isEqualTo(104);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> left = bobbin.queue(QUEUE, Codec.text());
      assertThat(left.status().unfinished()).isZero();
      assertThat(left.deadLetters().count()).isZero();
    }
    Path other = directory.resolveSibling(directory.getFileName() + "-back");

    assertThat(Migration.toDirectory(kafka, QUEUE, other, (done, total) -> {})).isEqualTo(104);

    try (Bobbin bobbin = KafkaBobbin.connect(kafka)) {
      JobQueue<String> left = bobbin.queue(QUEUE, Codec.text());
      assertThat(left.status().unfinished()).isZero();
      assertThat(left.deadLetters().count()).isZero();
    }
    try (Bobbin bobbin = Bobbin.open(other)) {
      check(bobbin.queue(QUEUE, Codec.text()), ids);
    }
  }

  @Test
  void jobThatIsTooLargeForADirectoryStaysWhereItIs() {
    QueueOptions large =
        QueueOptions.defaults().withRingBytes(128 << 20).withMaxPayloadBytes(2 << 20);
    try (Bobbin bobbin = KafkaBobbin.connect(kafka)) {
      JobQueue<byte[]> queue = bobbin.queue(QUEUE, Codec.bytes(), large);
      queue.submit(new byte[(1 << 20) + 1]);
      queue.sync();
    }
    assertThatThrownBy(() -> Migration.toDirectory(kafka, QUEUE, directory, (done, total) -> {}))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("takes 1048576 with its ring of 67108864 bytes")
        .hasMessageContaining("Nothing is lost");
    try (Bobbin bobbin = KafkaBobbin.connect(kafka)) {
      assertThat(bobbin.queue(QUEUE, Codec.bytes(), large).recovery().ready()).isEqualTo(1);
    }
  }

  private static void check(JobQueue<String> queue, Map<String, JobId> ids) {
    assertThat(queue.recovery().unfinished()).isEqualTo(103);
    assertThat(queue.status().counts().delayed()).isEqualTo(2);
    DeadLetter letter = queue.deadLetters().list(10).get(0);
    assertThat(letter.id()).isEqualTo(ids.get("rejected"));
    assertThat(new String(letter.payload(), UTF_8)).isEqualTo("rejected");
    assertThat(letter.reason()).isEqualTo("no such user");
    assertThat(letter.attempts()).isEqualTo(1);
    assertThat(letter.headers()).isEqualTo(Map.of("h", "1"));
    assertThat(queue.deadLetters().find(letter.id())).isPresent();
    Map<String, JobId> seen = new HashMap<>();
    while (seen.size() < 101) {
      try (Lease<String> lease = queue.take(200, PATIENCE)) {
        for (LeasedJob<String> job : lease) {
          assertThat(seen.put(job.payload(), job.id())).isNull();
          if (job.payload().equals("high")) {
            assertThat(job.priority()).isEqualTo(Priority.HIGH);
            assertThat(job.headers()).isEqualTo(Map.of("trace", "7"));
          }
        }
        lease.ackAll();
      }
    }
    seen.forEach((payload, id) -> assertThat(id).as(payload).isEqualTo(ids.get(payload)));
  }
}
