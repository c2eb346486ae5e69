package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.kafka.broker.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the brokers do not know, or who may not do what queues need, is told so. */
@Tag("slow")
class StrangersTest {
  @TempDir static Path directory;

  private static Broker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.startSecured(directory);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void takeRightsBack() throws Exception {
    try (Admin admin = admin()) {
      admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
    }
  }

  @Test
  void wrongPasswordIsSaid() {
    assertThatThrownBy(() -> KafkaBobbin.connect(as("wrong")))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("do not accept the credentials");
  }

  @Test
  void missingRightsAreNamed() {
    try (Bobbin bobbin = KafkaBobbin.connect(as("secret"))) {
      assertThatThrownBy(() -> bobbin.queue("mail", Codec.text()))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("bobbin.mail.jobs")
          .hasMessageContaining("The principal needs CREATE, DESCRIBE");
    }
  }

  @Test
  void processWithoutTheRightToReadMaySubmit() throws Exception {
    for (AclOperation right :
        List.of(
            AclOperation.CREATE,
            AclOperation.DESCRIBE,
            AclOperation.WRITE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS)) {
      give(ResourceType.TOPIC, right);
      give(ResourceType.GROUP, right);
    }
    try (Bobbin bobbin = KafkaBobbin.connect(as("secret"))) {
      JobQueue<String> queue = bobbin.queue("write", Codec.text());
      queue.submit("job");
      queue.sync();
      assertThat(queue.status().counts().unfinished()).isEqualTo(1);
    }
  }

  @Test
  void rightsThatTheMessageNamesAreEnough() throws Exception {
    for (AclOperation right :
        List.of(
            AclOperation.CREATE,
            AclOperation.DESCRIBE,
            AclOperation.ALTER_CONFIGS,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.DELETE)) {
      give(ResourceType.TOPIC, right);
      give(ResourceType.GROUP, right);
    }
    try (Bobbin bobbin = KafkaBobbin.connect(as("secret"))) {
      JobQueue<String> queue = bobbin.queue("mail", Codec.text());
      BlockingQueue<String> seen = new LinkedBlockingQueue<>();
      queue.work(1, seen::add);
      queue.submit("now");
      queue.submit("later", Duration.ofMillis(100));
      assertThat(Patience.next(seen)).isEqualTo("now");
      assertThat(Patience.next(seen)).isEqualTo("later");
    }
  }

  private static void give(ResourceType type, AclOperation right) throws Exception {
    ResourcePattern which = new ResourcePattern(type, "bobbin.", PatternType.PREFIXED);
    AccessControlEntry entry =
        new AccessControlEntry("User:bob", "*", right, AclPermissionType.ALLOW);
    boolean applies =
        which.resourceType() == ResourceType.TOPIC
            || (right != AclOperation.CREATE && right != AclOperation.WRITE);
    if (applies) {
      try (Admin admin = admin()) {
        admin.createAcls(List.of(new AclBinding(which, entry))).all().get();
      }
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.servers()));
  }

  private static KafkaOptions as(String password) {
    return KafkaOptions.of(broker.securedServers())
        .withReplicas(1)
        .withTimeout(Duration.ofSeconds(15))
        .withClient("security.protocol", "SASL_PLAINTEXT")
        .withClient("sasl.mechanism", "PLAIN")
        .withClient(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"bob\""
                + " password=\""
                + password
                + "\";");
  }
}
