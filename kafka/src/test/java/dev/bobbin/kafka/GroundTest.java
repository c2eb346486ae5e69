package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics under whose settings jobs would be lost are refused, in words that say what to do. */
class GroundTest {
  private static final Map<String, String> FOR_JOBS =
      Map.of("retention.ms", "-1", "retention.bytes", "-1", "max.message.bytes", "1114112");

  private final KafkaOptions options = SharedBroker.options();
  private final Topics topics = new Topics(options.prefix(), "mail");
  private Bobbin bobbin;

  @BeforeEach
  void connect() {
    bobbin = KafkaBobbin.connect(options);
  }

  @AfterEach
  void close() {
    bobbin.close();
  }

  @Test
  void topicThatDeletesOldJobsIsRefused() throws Exception {
    createAll(Map.of("retention.ms", "604800000"));
    isRefused()
        .hasMessageContaining("topic " + topics.jobs())
        .hasMessageContaining("retention.ms must be -1, found 604800000")
        .hasMessageContaining("kafka-configs.sh --alter --topic " + topics.jobs());
  }

  /** The others are then made, which must not hide it. */
  @Test
  void topicThatDeletesOldJobsIsRefusedThoughOthersAreMissing() throws Exception {
    create(topics.jobs(), 1, Map.of("retention.ms", "604800000"));
    isRefused().hasMessageContaining("retention.ms must be -1, found 604800000");
  }

  @Test
  void topicThatKeepsOnlySoManyBytesIsRefused() throws Exception {
    createAll(Map.of("retention.bytes", "1000000"));
    isRefused().hasMessageContaining("retention.bytes must be -1, found 1000000");
  }

  @Test
  void compactedTopicOfJobsIsRefused() throws Exception {
    createAll(Map.of("cleanup.policy", "compact"));
    isRefused().hasMessageContaining("cleanup.policy must be delete, found compact");
  }

  @Test
  void topicOfDeadLettersThatIsNotCompactedIsRefused() throws Exception {
    create(topics.dead(), 1, Map.of("cleanup.policy", "delete"));
    isRefused()
        .hasMessageContaining("topic " + topics.dead())
        .hasMessageContaining("cleanup.policy must be compact, found delete");
  }

  @Test
  void topicWithTooFewTiersIsRefused() throws Exception {
    create(topics.delayed(), 3, FOR_JOBS);
    isRefused()
        .hasMessageContaining("topic " + topics.delayed())
        .hasMessageContaining("must have 16 partitions, found 3");
  }

  @Test
  void topicThatDoesNotTakeTheLargestPayloadIsRefused() throws Exception {
    createAll(Map.of("max.message.bytes", "50000"));
    isRefused()
        .hasMessageContaining("max.message.bytes must be at least")
        .hasMessageContaining("for QueueOptions.maxPayloadBytes, found 50000");
  }

  /** A record has more than the job in it: a topic that is taken must have room for that too. */
  @Test
  void largestJobFitsIntoTheSmallestTopicThatIsTaken() throws Exception {
    int most = 100_000;
    int payload = most - 4_265; // What the header and the key take up.
    QueueOptions queue = QueueOptions.defaults().withMaxPayloadBytes(most);
    createAll(Map.of("max.message.bytes", Integer.toString(most + (8 << 10))));
    JobQueue<byte[]> mail = bobbin.queue("mail", Codec.bytes(), queue);
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    mail.work(1, job -> seen.add(job.length));
    mail.submit(
        new byte[payload], JobOptions.NONE.header("h", "v".repeat(4_000)).keyed("k".repeat(255)));
    assertThat(Patience.next(seen)).isEqualTo(payload);
    createdTooSmall(most);
  }

  private void createdTooSmall(int most) throws Exception {
    Topics other = new Topics(options.prefix(), "small");
    create(other.jobs(), 1, with(Map.of("max.message.bytes", Integer.toString(most + 2_000))));
    QueueOptions queue = QueueOptions.defaults().withMaxPayloadBytes(most);
    assertThatThrownBy(() -> bobbin.queue("small", Codec.bytes(), queue))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("max.message.bytes must be at least");
  }

  @Test
  void payloadBeyondTheLimitIsRefusedAndTheQueueGoesOn() {
    QueueOptions queue = QueueOptions.defaults().withMaxPayloadBytes(1_000);
    JobQueue<byte[]> mail = bobbin.queue("mail", Codec.bytes(), queue);
    assertThatThrownBy(() -> mail.submit(new byte[1_001]))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.JOB_TOO_LARGE))
        .hasMessageContaining("1001 bytes")
        .hasMessageContaining("QueueOptions.maxPayloadBytes");
    mail.submit(new byte[1_000]);
    mail.sync();
    assertThat(mail.status().counts().unfinished()).isEqualTo(1);
  }

  @Test
  void headerOfTheQueuesOwnIsRefused() {
    JobQueue<String> mail = bobbin.queue("mail", Codec.text(), QueueOptions.defaults());
    assertThatThrownBy(() -> mail.submit("job", JobOptions.NONE.header("bobbin", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the header bobbin is the queue's own");
    assertThat(mail.status().counts().unfinished()).isZero();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> isRefused() {
    return assertThatThrownBy(() -> bobbin.queue("mail", Codec.text(), QueueOptions.defaults()))
        .isInstanceOf(BobbinException.class);
  }

  private void createAll(Map<String, String> settings) throws Exception {
    create(topics.jobs(), 1, with(settings));
    create(topics.delayed(), Tiers.COUNT, FOR_JOBS);
    create(topics.dead(), 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "1114112"));
  }

  private static Map<String, String> with(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(FOR_JOBS);
    all.putAll(settings);
    return all;
  }

  private static void create(String topic, int partitions, Map<String, String> settings)
      throws Exception {
    try (Admin admin = admin()) {
      NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(settings);
      admin.createTopics(List.of(wanted)).all().get();
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", SharedBroker.broker().servers()));
  }
}
