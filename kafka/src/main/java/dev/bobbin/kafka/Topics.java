package dev.bobbin.kafka;

import java.util.List;
import java.util.Optional;

/** The names of what a queue has on the brokers. */
record Topics(String prefix, String queue) {
  private static final String JOBS = ".jobs";

  /** The queue whose jobs {@code topic} holds, if it is such a topic. */
  static Optional<String> queueOf(String prefix, String topic) {
    boolean jobs = topic.startsWith(prefix + ".") && topic.endsWith(JOBS);
    int from = prefix.length() + 1;
    int to = topic.length() - JOBS.length();
    return jobs && from < to ? Optional.of(topic.substring(from, to)) : Optional.empty();
  }

  /** The group of those who move delayed jobs on, for all queues with this prefix. */
  static String relayGroup(String prefix) {
    return prefix + ".relay";
  }

  /** Jobs that are ready. */
  String jobs() {
    return prefix + "." + queue + JOBS;
  }

  /** Jobs that wait for their time, see {@link Tiers}. */
  String delayed() {
    return prefix + "." + queue + ".delayed";
  }

  /** Dead letters, one record for each, by the job's id. */
  String dead() {
    return prefix + "." + queue + ".dead";
  }

  List<String> all() {
    return List.of(jobs(), delayed(), dead());
  }

  /** The share group of those who work on the queue. */
  String group() {
    return prefix + "." + queue;
  }
}
