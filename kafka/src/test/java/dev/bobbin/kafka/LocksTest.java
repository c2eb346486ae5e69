package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueStatus.Totals;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The broker's locks on jobs that are in somebody's hands. */
class LocksTest {
  private static final Duration LOCK = Duration.ofSeconds(2);

  // One partition: a consumer that holds a job keeps its partitions, and of several the broker may
  // give the one that has the jobs to it alone.
  private final KafkaOptions options = SharedBroker.options().withLock(LOCK);
  private final List<Bobbin> bobbins = new ArrayList<>();

  private JobQueue<String> process() {
    Bobbin bobbin = KafkaBobbin.connect(options);
    bobbins.add(bobbin);
    return bobbin.queue("mail", Codec.text());
  }

  @AfterEach
  void close() {
    bobbins.forEach(Bobbin::close);
  }

  @Test
  void lockBeyondTheBrokersBoundsIsRefusedInItsWords() {
    try (Bobbin bobbin = KafkaBobbin.connect(options.withLock(Duration.ofMinutes(2)))) {
      assertThatThrownBy(() -> bobbin.queue("mail", Codec.text()))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("share.record.lock.duration.ms")
          .hasMessageContaining("120000");
    }
  }

  /** Three locks long, with others before and behind it, and a process that would take it. */
  @Test
  void jobThatTakesLongerThanTheLockIsNotDeliveredTwice() throws InterruptedException {
    JobQueue<String> one = process();
    JobQueue<String> two = process();
    Map<String, Integer> deliveries = new ConcurrentHashMap<>();
    CountDownLatch never = new CountDownLatch(1);
    for (JobQueue<String> queue : List.of(one, two)) {
      queue.work(
          2,
          job -> {
            deliveries.merge(job, 1, Integer::sum);
            if (job.startsWith("long")) {
              assertThat(never.await(3 * LOCK.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            }
          });
    }
    for (int i = 0; i < 200; i++) {
      one.submit(i % 100 == 50 ? "long " + i : "job " + i);
    }
    assertThat(two.awaitIdle(Patience.LONG)).isTrue();
    assertThat(deliveries).hasSize(200);
    assertThat(deliveries.values()).allMatch(count -> count == 1);
    for (JobQueue<String> queue : List.of(one, two)) {
      Totals totals = queue.status().totals();
      assertThat(totals.leasesLost()).isZero();
      assertThat(totals.staleAcks()).isZero();
    }
  }

  /** The broker drops a record without a word that it has handed out too often. */
  @Test
  void jobThatWasReleasedVeryOftenIsNotDropped() {
    JobId id = process().submit("job");
    bobbins.get(0).close();
    for (int round = 0; round < 3; round++) {
      release(Ground.DELIVERY_LIMIT - 1);
      takeAndClose(id);
    }
    JobQueue<String> last = process();
    var lease = last.take(1, Patience.LONG, Duration.ofSeconds(30));
    assertThat(lease.size()).isEqualTo(1);
    assertThat(lease.job(0).id()).isEqualTo(id);
    assertThat(lease.job(0).attempt()).isEqualTo(1);
    assertThat(lease.job(0).ack()).isTrue();
    assertThat(last.awaitIdle(Patience.LONG)).isTrue();
  }

  private void takeAndClose(JobId id) {
    try (Bobbin bobbin = KafkaBobbin.connect(options)) {
      JobQueue<String> queue = bobbin.queue("mail", Codec.text());
      var lease = queue.take(1, Patience.LONG, Duration.ofSeconds(30));
      assertThat(lease.size()).as("jobs with the id %s", id).isEqualTo(1);
      bobbin.close(Duration.ZERO);
    }
  }

  /** As processes do that end while they have the job. */
  private void release(int times) {
    Topics topics = new Topics(options.prefix(), "mail");
    try (KafkaShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(
            Map.of(
                "bootstrap.servers",
                SharedBroker.broker().servers(),
                "group.id",
                topics.group(),
                "share.acknowledgement.mode",
                "explicit"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topics.jobs()));
      int released = 0;
      while (released < times) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
        for (ConsumerRecord<byte[], byte[]> record : records) {
          consumer.acknowledge(record, AcknowledgeType.RELEASE);
          released = record.deliveryCount().orElse((short) 0);
        }
        consumer.commitSync();
      }
    }
  }

  @Test
  void jobsThatNobodyTookGoToAnotherWithinSecondsWhenWorkersStop() throws InterruptedException {
    JobQueue<String> one = process();
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Workers workers =
        one.work(
            WorkOptions.workers(1).batch(1),
            job -> {
              began.countDown();
              end.await();
            });
    try {
      for (int i = 0; i < 20; i++) {
        one.submit("job " + i);
      }
      began.await();
      workers.stop();
      JobQueue<String> two = process();
      Set<String> others = ConcurrentHashMap.newKeySet();
      two.work(1, others::add);
      // The worker's own job stays with it.
      Patience.until("the other gets the rest", () -> others.size() == 19);
      assertThat(two.awaitIdle(Duration.ofMillis(500))).isFalse();
    } finally {
      end.countDown();
    }
    assertThat(one.awaitIdle(Patience.LONG)).isTrue();
  }
}
