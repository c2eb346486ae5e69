package dev.bobbin.kafka;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.kafka.broker.Broker;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the rights in docs/outgrowing.md, and no others, everything works. */
@Timeout(240)
class RightsTest {
  private static final Path PAGE = Path.of("..", "docs", "outgrowing.md");
  private static final Pattern ROW =
      Pattern.compile("\\| (topics|groups) that begin with `bobbin\\.` \\| (.*?) \\| .*");
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults().withRetry(RetryPolicy.exponential(Duration.ofSeconds(1)).attempts(2));

  @TempDir Path directory;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  /** What the page lists. */
  private static List<AclBinding> rights() throws IOException {
    List<AclBinding> rights = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        ResourceType type = row.group(1).equals("topics") ? ResourceType.TOPIC : ResourceType.GROUP;
        for (String operation : row.group(2).split(", ", -1)) {
          rights.add(right(type, "bobbin.", AclOperation.fromString(operation)));
        }
      }
    }
    return rights;
  }

  private static AclBinding right(ResourceType type, String name, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(
            type, name, type == ResourceType.CLUSTER ? PatternType.LITERAL : PatternType.PREFIXED),
        new AccessControlEntry(ByListener.SERVICE, "*", operation, AclPermissionType.ALLOW));
  }

  private Broker broker() throws Exception {
    Properties more = new Properties();
    more.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    more.setProperty("principal.builder.class", ByListener.class.getName());
    more.setProperty("super.users", ByListener.MASTER);
    return Broker.start(directory, more);
  }

  /** A client that may do anything. */
  private Admin master() throws IOException {
    Properties settings = new Properties();
    try (Reader in = Files.newBufferedReader(directory.resolve("server.properties"))) {
      settings.load(in);
    }
    String controller = settings.getProperty("controller.quorum.voters").replaceFirst(".*@", "");
    return Admin.create(Map.of("bootstrap.controllers", controller));
  }

  @Test
  void theRightsOnThePageAreEnough() throws Exception {
    try (Broker broker = broker();
        Admin master = master()) {
      KafkaOptions options =
          KafkaOptions.of(broker.servers()).withReplicas(1).withTimeout(Duration.ofSeconds(20));
      try (Bobbin bobbin = KafkaBobbin.connect(options)) {
        assertThatThrownBy(() -> bobbin.queue("mails", Codec.text()))
            .isInstanceOf(BobbinException.class)
            .hasMessageContaining("The principal needs");
      }
      List<AclBinding> rights = rights();
      assertThat(rights).as("rights on the page").hasSizeGreaterThan(5);
      // The broker itself comes through the same listener as this service.
      rights.add(right(ResourceType.CLUSTER, "kafka-cluster", AclOperation.CLUSTER_ACTION));
      master.createAcls(rights).all().get(20, SECONDS);
      awaitRights(master, rights.size());
      liveThrough(options);
      liveThrough(options); // the topics are there
      deletesWhatIsDone(options);
    }
  }

  private static void awaitRights(Admin master, int count) throws Exception {
    while (master.describeAcls(AclBindingFilter.ANY).values().get(20, SECONDS).size() < count) {
      MILLISECONDS.sleep(20); // the controller tells of no event
    }
  }

  private void liveThrough(KafkaOptions options) throws InterruptedException {
    try (Bobbin bobbin = KafkaBobbin.connect(options)) {
      JobQueue<String> mails = bobbin.queue("mails", Codec.text(), OPTIONS);
      mails.work(
          1,
          text -> {
            seen.add(text);
            if (text.equals("bad")) {
              throw new IOException("no");
            }
          });
      mails.submit("now");
      mails.submit("later", Duration.ofMillis(500));
      mails.submit("bad");
      mails.sync();
      List<String> all = new ArrayList<>();
      while (all.size() < 4) {
        String text = seen.poll(30, SECONDS);
        assertThat(text).as("after %s", all).isNotNull();
        all.add(text);
      }
      assertThat(all).containsExactlyInAnyOrder("now", "later", "bad", "bad");
      assertThat(mails.awaitIdle(Duration.ofSeconds(30))).isTrue();
      DeadLetter letter = mails.deadLetters().page(0, 10).letters().get(0);
      assertThat(mails.deadLetters().retry(List.of(letter.id()))).isEqualTo(1);
      assertThat(seen.poll(30, SECONDS)).isEqualTo("bad");
      assertThat(seen.poll(30, SECONDS)).isEqualTo("bad");
      assertThat(mails.awaitIdle(Duration.ofSeconds(30))).isTrue();
      assertThat(mails.deadLetters().purgeAll()).isEqualTo(1);
      assertThat(bobbin.queueNames()).contains("mails");
    }
  }

  /** What a queue does once a minute. */
  private static void deletesWhatIsDone(KafkaOptions options) throws Exception {
    Topics topics = new Topics(options.prefix(), "mails");
    try (Admin admin = new Clients(options).admin()) {
      new Lags(admin, topics, options.partitions()).deleteDone();
      long first = 0;
      for (long deadline = System.nanoTime() + SECONDS.toNanos(30);
          first == 0 && System.nanoTime() < deadline; ) {
        MILLISECONDS.sleep(50); // the broker tells of no event
        for (int i = 0; i < options.partitions(); i++) {
          TopicPartition where = new TopicPartition(topics.jobs(), i);
          first +=
              admin
                  .listOffsets(Map.of(where, OffsetSpec.earliest()))
                  .partitionResult(where)
                  .get(20, SECONDS)
                  .offset();
        }
      }
      assertThat(first).as("records of jobs that are done were deleted").isPositive();
    }
  }
}
