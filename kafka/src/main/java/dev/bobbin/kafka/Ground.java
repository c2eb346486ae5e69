package dev.bobbin.kafka;

import dev.bobbin.BobbinException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the queues need of the brokers: creates topics and settings that are missing, and refuses
 * those under which jobs would be lost. Thread-safe.
 */
final class Ground {
  /** What topics that are created have room for besides the payload. */
  private static final int OVERHEAD_BYTES = 64 << 10;

  /** What a record has besides the payload, at most: headers, envelope, the batch around it. */
  private static final int LEAST_OVERHEAD_BYTES = 8 << 10;

  /** How often the broker hands a record out before it drops it: as often as it may by default. */
  static final int DELIVERY_LIMIT = 10;

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final String LOCK = "share.record.lock.duration.ms";
  private static final String LOCKS = "share.partition.max.record.locks";

  /** As many as the brokers allow by default. */
  private static final int MOST_LOCKS = 4_000;

  private static final String DELIVERIES = "share.delivery.count.limit";
  private static final String RETENTION_MILLIS = "retention.ms";
  private static final String RETENTION_BYTES = "retention.bytes";
  private static final String CLEANUP = "cleanup.policy";
  private static final String LARGEST = "max.message.bytes";

  private final Admin admin;
  private final KafkaOptions options;

  Ground(Admin admin, KafkaOptions options) {
    this.admin = admin;
    this.options = options;
  }

  /** Checks that the brokers are there, let us in, and are new enough. */
  void check() {
    ask("reaching the brokers", admin.describeCluster().nodes());
    FeatureMetadata features =
        ask("asking for features", admin.describeFeatures().featureMetadata());
    FinalizedVersionRange share = features.finalizedFeatures().get("share.version");
    if (share == null || share.maxVersionLevel() < 1) {
      throw new BobbinException(
          "the brokers at "
              + servers()
              + " have no share groups, which came with Apache Kafka 4.2: expected the feature"
              + " share.version at level 1 or more, found "
              + (share == null ? "none" : share.maxVersionLevel())
              + ". Upgrade them, and enable it with kafka-features.sh upgrade --feature"
              + " share.version=1");
    }
  }

  /** The names of all queues. */
  List<String> queueNames() {
    Collection<String> topics = ask("listing topics", admin.listTopics().names());
    return topics.stream()
        .flatMap(topic -> Topics.queueOf(options.prefix(), topic).stream())
        .sorted()
        .toList();
  }

  /** Has the topics of a queue be there, and its group; returns whether the queue is new. */
  boolean lay(Topics topics, int maxPayloadBytes) {
    List<NewTopic> wanted =
        List.of(
            topic(topics.jobs(), options.partitions(), forJobs(maxPayloadBytes)),
            topic(topics.delayed(), Tiers.COUNT, forJobs(maxPayloadBytes)),
            topic(topics.dead(), 1, forDead(maxPayloadBytes)));
    long created = wanted.stream().filter(this::create).count();
    if (created < wanted.size()) {
      checkTopics(topics, maxPayloadBytes);
    }
    setGroup(topics.group());
    return created > 0;
  }

  private NewTopic topic(String name, int partitions, Map<String, String> settings) {
    return new NewTopic(name, partitions, (short) options.replicas()).configs(settings);
  }

  private static Map<String, String> forJobs(int maxPayloadBytes) {
    return Map.of(
        CLEANUP,
        "delete",
        RETENTION_MILLIS,
        "-1",
        RETENTION_BYTES,
        "-1",
        LARGEST,
        largest(maxPayloadBytes));
  }

  private static Map<String, String> forDead(int maxPayloadBytes) {
    return Map.of(CLEANUP, "compact", LARGEST, largest(maxPayloadBytes));
  }

  private static String largest(int maxPayloadBytes) {
    return Integer.toString(Math.max(1 << 20, maxPayloadBytes) + OVERHEAD_BYTES);
  }

  private boolean create(NewTopic topic) {
    try {
      ask("creating topic " + topic.name(), admin.createTopics(List.of(topic)).all());
      return true;
    } catch (BobbinException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  private void checkTopics(Topics topics, int maxPayloadBytes) {
    List<ConfigResource> resources = new ArrayList<>();
    for (String topic : topics.all()) {
      resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic));
    }
    Map<ConfigResource, Config> found =
        askPatiently(
            "reading the settings of topics", () -> admin.describeConfigs(resources).all());
    found.forEach((topic, config) -> check(topic.name(), config, topics, maxPayloadBytes));
    int tiers = partitions(topics.delayed());
    if (tiers != Tiers.COUNT) {
      throw new BobbinException(
          "topic "
              + topics.delayed()
              + " must have "
              + Tiers.COUNT
              + " partitions, found "
              + tiers
              + ": it was made by another program");
    }
  }

  private void check(String topic, Config config, Topics topics, int maxPayloadBytes) {
    Map<String, String> wanted =
        new TreeMap<>(
            topic.equals(topics.dead()) ? forDead(maxPayloadBytes) : forJobs(maxPayloadBytes));
    wanted.remove(LARGEST);
    List<String> wrong = new ArrayList<>();
    wanted.forEach(
        (setting, value) -> {
          ConfigEntry entry = config.get(setting);
          if (entry != null && !value.equals(entry.value())) {
            wrong.add(setting + " must be " + value + ", found " + entry.value());
          }
        });
    ConfigEntry largest = config.get(LARGEST);
    long most = maxPayloadBytes + (long) LEAST_OVERHEAD_BYTES;
    if (largest != null && Long.parseLong(largest.value()) < most) {
      wrong.add(
          LARGEST
              + " must be at least "
              + most
              + " for QueueOptions.maxPayloadBytes, found "
              + largest.value());
    }
    if (!wrong.isEmpty()) {
      throw new BobbinException(
          "topic "
              + topic
              + " has settings under which jobs would be lost or refused: "
              + String.join("; ", new TreeSet<>(wrong))
              + ". Change them with kafka-configs.sh --alter --topic "
              + topic);
    }
  }

  /** How many partitions a topic has. */
  int partitions(String topic) {
    Map<String, TopicDescription> found =
        askPatiently(
            "describing topic " + topic,
            () -> admin.describeTopics(List.of(topic)).allTopicNames());
    return Objects.requireNonNull(found.get(topic)).partitions().size();
  }

  void setGroup(String group) {
    // Without these, jobs are passed over, or locks are not what the fetchers renew.
    set(group, "share.auto.offset.reset", "earliest");
    set(group, LOCK, Long.toString(options.lock().toMillis()));
    set(group, DELIVERIES, Integer.toString(DELIVERY_LIMIT));
    // These are better so; brokers whose bounds do not allow it have their own.
    setIfAllowed(group, "share.assignment.interval.ms", "0");
    if (setting(group, LOCKS) < MOST_LOCKS) {
      setIfAllowed(group, LOCKS, Integer.toString(MOST_LOCKS));
    }
  }

  /** What a number is set to for a group, 0 if that is not known. */
  private long setting(String group, String setting) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    Config config =
        ask(
                "reading the settings of share group " + group,
                admin.describeConfigs(List.of(resource)).all())
            .get(resource);
    ConfigEntry entry = config == null ? null : config.get(setting);
    String value = entry == null ? null : entry.value();
    return value == null ? 0 : Long.parseLong(value);
  }

  private void set(String group, String setting, String value) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
    ask(
        "setting " + setting + " of share group " + group + " to " + value,
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
  }

  private void setIfAllowed(String group, String setting, String value) {
    try {
      set(group, setting, value);
    } catch (BobbinException e) {
      if (!(e.getCause() instanceof InvalidConfigurationException)) {
        throw e;
      }
    }
  }

  private String servers() {
    return String.valueOf(options.client().get(KafkaOptions.SERVERS));
  }

  /** As {@link #ask}, of topics that are there: one just made is not known to every broker yet. */
  private <R> R askPatiently(String what, Supplier<KafkaFuture<R>> question) {
    long deadline = System.nanoTime() + options.timeout().toNanos();
    while (true) {
      try {
        return ask(what, question.get());
      } catch (BobbinException e) {
        boolean unknown = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!unknown || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
      }
    }
  }

  /** Waits for an answer; what goes wrong is said in words. */
  <R> R ask(String what, KafkaFuture<R> answer) {
    try {
      return answer.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failed(what, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new BobbinException(
          what
              + " failed: no answer from "
              + servers()
              + " within "
              + options.timeout()
              + ". Are the brokers up, and is the address right?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BobbinException("interrupted while " + what, e);
    }
  }

  BobbinException failed(String what, Throwable cause) {
    return new BobbinException(what + " failed at " + servers() + ": " + advice(cause), cause);
  }

  private static String advice(Throwable cause) {
    if (cause instanceof AuthenticationException) {
      return "the brokers do not accept the credentials (" + cause.getMessage() + ")";
    }
    if (cause instanceof AuthorizationException) {
      return cause.getMessage()
          + ". The principal needs CREATE, DESCRIBE, ALTER_CONFIGS, DESCRIBE_CONFIGS, READ, WRITE and"
          + " DELETE on the topics and groups that begin with the prefix";
    }
    if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
      return "no answer ("
          + cause.getMessage()
          + "). Are the brokers up, and is the address right?";
    }
    if (cause instanceof UnknownTopicOrPartitionException) {
      return cause.getMessage() + " It may have been deleted by somebody else";
    }
    return String.valueOf(cause.getMessage());
  }
}
