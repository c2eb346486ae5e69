package dev.bobbin.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers how many jobs of a queue are not done, and has them delete what is. Nothing here
 * waits. Thread-safe.
 */
final class Lags {
  private final Admin admin;
  private final Topics topics;
  private final Set<TopicPartition> jobs;
  private final Set<TopicPartition> delayed;

  Lags(Admin admin, Topics topics, int partitions) {
    this.admin = admin;
    this.topics = topics;
    this.jobs = partitions(topics.jobs(), partitions);
    this.delayed = partitions(topics.delayed(), Tiers.COUNT);
  }

  private static Set<TopicPartition> partitions(String topic, int count) {
    Set<TopicPartition> partitions = new HashSet<>();
    for (int i = 0; i < count; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    return Set.copyOf(partitions);
  }

  /** Where a group stands in a partition, and how far it is behind if the broker says so. */
  private record Standing(long offset, @Nullable Long lag) {}

  /** Jobs that are ready or in somebody's hands. */
  CompletionStage<Long> ready() {
    return share().thenCompose(at -> lag(jobs, at));
  }

  /** Jobs that wait for their time. */
  CompletionStage<Long> delayed() {
    return relay().thenCompose(at -> lag(delayed, at));
  }

  /** Has the brokers delete the records of jobs that are done. */
  void deleteDone() {
    share().thenAccept(this::deleteBefore);
    relay().thenAccept(this::deleteBefore);
  }

  private void deleteBefore(Map<TopicPartition, Standing> standings) {
    Map<TopicPartition, RecordsToDelete> done = new HashMap<>();
    standings.forEach(
        (partition, at) -> {
          if (at.offset > 0) {
            done.put(partition, RecordsToDelete.beforeOffset(at.offset));
          }
        });
    if (!done.isEmpty()) {
      CompletionStage<Void> answer = admin.deleteRecords(done).all().toCompletionStage();
      answer.whenComplete(Lags::reportIfNotDeleted);
    }
  }

  private static void reportIfNotDeleted(@Nullable Void deleted, @Nullable Throwable e) {
    if (e != null) {
      Faults.report("deleting records of jobs that are done failed", e);
    }
  }

  private CompletionStage<Map<TopicPartition, Standing>> share() {
    String group = topics.group();
    return admin
        .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec().topicPartitions(jobs)))
        .partitionsToOffsetInfo(group)
        .toCompletionStage()
        .thenApply(found -> standings(found, Lags::standing));
  }

  private static Standing standing(SharePartitionOffsetInfo info) {
    return new Standing(info.startOffset(), info.lag().orElse(null));
  }

  private CompletionStage<Map<TopicPartition, Standing>> relay() {
    String group = Topics.relayGroup(topics.prefix());
    return admin
        .listConsumerGroupOffsets(
            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(delayed)))
        .partitionsToOffsetAndMetadata(group)
        .toCompletionStage()
        .thenApply(
            found -> standings(found, (OffsetAndMetadata at) -> new Standing(at.offset(), null)));
  }

  private static <V> Map<TopicPartition, Standing> standings(
      Map<TopicPartition, V> found, Function<V, Standing> standing) {
    Map<TopicPartition, Standing> standings = new HashMap<>();
    found.forEach(
        (partition, value) -> {
          if (value != null) {
            standings.put(partition, standing.apply(value));
          }
        });
    return standings;
  }

  private CompletionStage<Long> lag(
      Set<TopicPartition> partitions, Map<TopicPartition, Standing> standings) {
    long known = 0;
    Set<TopicPartition> open = new HashSet<>();
    for (TopicPartition partition : partitions) {
      Long lag = Optional.ofNullable(standings.get(partition)).map(Standing::lag).orElse(null);
      if (lag == null) {
        open.add(partition);
      } else {
        known += lag;
      }
    }
    long sum = known;
    if (open.isEmpty()) {
      return CompletableFuture.completedFuture(sum);
    }
    CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends =
        offsets(open, OffsetSpec.latest());
    return offsets(open, OffsetSpec.earliest())
        .thenCombine(ends, (first, last) -> sum + between(open, standings, first, last));
  }

  private static long between(
      Set<TopicPartition> partitions,
      Map<TopicPartition, Standing> standings,
      Map<TopicPartition, ListOffsetsResultInfo> first,
      Map<TopicPartition, ListOffsetsResultInfo> last) {
    long sum = 0;
    for (TopicPartition partition : partitions) {
      Standing at = standings.get(partition);
      long begin = Objects.requireNonNull(first.get(partition)).offset();
      long from = at == null ? begin : Math.max(begin, at.offset);
      sum += Math.max(0, Objects.requireNonNull(last.get(partition)).offset() - from);
    }
    return sum;
  }

  private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
      Collection<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, which));
    return admin.listOffsets(wanted).all().toCompletionStage();
  }
}
