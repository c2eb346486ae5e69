package dev.bobbin.cli.drain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.Cli.Running;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.kafka.KafkaBobbin;
import dev.bobbin.kafka.KafkaOptions;
import dev.bobbin.kafka.broker.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything unfinished moves from a directory to Kafka and back, whatever happens meanwhile. */
class DrainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String QUEUE = "letters";

  @TempDir Path scratch;
  private Path dir;
  private String kafka = "";

  @BeforeEach
  void address() {
    dir = scratch.resolve("dir");
    String prefix = "drain-" + Long.toHexString(System.nanoTime());
    kafka = "kafka://" + Broker.shared().servers() + "?partitions=2&replicas=1&prefix=" + prefix;
  }

  /** Jobs that are ready, {@code delayed} that are not, and {@code dead} letters. */
  private void fill(int ready, int delayed, int dead) {
    try (Bobbin bobbin = Bobbin.open(dir)) {
      JobQueue<String> queue = bobbin.queue(QUEUE, Codec.text());
      for (int i = 0; i < dead; i++) {
        queue.submit("dead " + i);
      }
      int buried = 0;
      while (buried < dead) {
        try (Lease<String> lease = queue.take(100, PATIENCE)) {
          lease.forEach(job -> job.reject("no such user"));
          buried += lease.size();
        }
      }
      for (int i = 0; i < ready; i++) {
        queue.submit("ready " + i + " ".repeat(80));
      }
      for (int i = 0; i < delayed; i++) {
        queue.submit("delayed " + i, Duration.ofDays(1));
      }
    }
  }

  @Test
  void movesThereAndBack() throws Exception {
    fill(300, 20, 10);

    Finished there = new Cli(scratch).run("drain", dir.toString(), "--to", kafka, "-o", "json");

    assertThat(there.err()).isEmpty();
    assertThat(there.status()).isZero();
    assertThat(there.objects()).containsExactly(Map.of("queue", QUEUE, "moved", 330));
    Path other = scratch.resolve("other");
    Finished back = new Cli(scratch).run("drain", other.toString(), "--from", kafka);
    assertThat(back.err()).isEmpty();
    assertThat(back.status()).isZero();
    assertThat(back.out()).contains(QUEUE, "330");
    try (Bobbin bobbin = Bobbin.open(other)) {
      JobQueue<String> queue = bobbin.queue(QUEUE, Codec.text());
      assertThat(queue.recovery().ready()).isEqualTo(300);
      assertThat(queue.recovery().delayed()).isEqualTo(20);
      assertThat(queue.recovery().dead()).isEqualTo(10);
    }
  }

  @Test
  void killedAtAnyMomentItLosesNothing() throws Exception {
    int jobs = 30_000;
    fill(jobs, 50, 50);
    int killed = 0;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Broker.shared().servers()))) {
      for (int i = 0; i < 3; i++) {
        long before = copied(admin);
        Running moving = new Cli(scratch).start("drain", dir.toString(), "--to", kafka);
        while (moving.alive() && copied(admin) == before) {
          Thread.onSpinWait();
        }
        killed += moving.alive() ? 1 : 0;
        moving.kill();
      }
    }
    assertThat(killed).isPositive();
    Finished last = new Cli(scratch).run("drain", dir.toString(), "--to", kafka);
    assertThat(last.status()).as(last.err()).isZero();

    Map<String, Integer> seen = new HashMap<>();
    try (Bobbin bobbin = KafkaBobbin.connect(KafkaOptions.parse(kafka))) {
      JobQueue<String> queue = bobbin.queue(QUEUE, Codec.text());
      assertThat(queue.status().counts().delayed()).isGreaterThanOrEqualTo(50);
      Set<String> letters = new HashSet<>();
      queue.deadLetters().forEach(letter -> letters.add(new String(letter.payload(), UTF_8)));
      assertThat(letters).hasSize(50);
      while (queue.status().counts().ready() > 0) {
        try (Lease<String> lease = queue.take(1_000, PATIENCE)) {
          for (LeasedJob<String> job : lease) {
            seen.merge(job.payload().strip(), 1, Integer::sum);
          }
          lease.ackAll();
        }
      }
    }
    assertThat(seen).as("killed %d times", killed).hasSize(jobs);
    try (Bobbin bobbin = Bobbin.open(dir)) {
      assertThat(bobbin.queue(QUEUE, Codec.text()).status().unfinished()).isZero();
    }
  }

  /** Jobs that are on the broker, however often. */
  private long copied(Admin admin) throws Exception {
    String topic = KafkaOptions.parse(kafka).prefix() + "." + QUEUE + ".jobs";
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    ends.put(new TopicPartition(topic, 0), OffsetSpec.latest());
    ends.put(new TopicPartition(topic, 1), OffsetSpec.latest());
    if (!admin.listTopics().names().get().contains(topic)) {
      return 0;
    }
    try {
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
          .sum();
    } catch (ExecutionException e) {
      // The topic is being made.
      return 0;
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Cli cli = new Cli(scratch);
    Finished nowhere = cli.run("drain", dir.toString(), "--to", kafka);
    assertThat(nowhere.status()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.err()).contains(dir.toString());
    fill(1, 0, 0);
    Finished wrong = cli.run("drain", dir.toString(), "--to", "localhost:9092");
    assertThat(wrong.status()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("kafka://");
    Finished both = cli.run("drain", dir.toString(), "--to", kafka, "--from", kafka);
    assertThat(both.status()).isEqualTo(ExitCode.USAGE);
    Finished unknown = cli.run("drain", dir.toString(), "--to", kafka, "--queue", "other");
    assertThat(unknown.status()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err()).contains("other", QUEUE);
    Finished absent = cli.run("drain", dir.toString(), "--to", "kafka://127.0.0.1:1?timeout=2s");
    assertThat(absent.status()).isEqualTo(ExitCode.FAILED);
    assertThat(absent.err()).contains("127.0.0.1:1");
    try (Bobbin bobbin = Bobbin.open(dir)) {
      assertThat(bobbin.queue(QUEUE, Codec.text()).recovery().ready()).isEqualTo(1);
    }
    assertThat(List.of(nowhere.out(), unknown.out(), absent.out())).containsOnly("");
  }
}
