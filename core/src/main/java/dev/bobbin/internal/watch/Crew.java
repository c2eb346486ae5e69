package dev.bobbin.internal.watch;

import dev.bobbin.QueueStatus.HandlerGroup;
import dev.bobbin.QueueStatus.Percentiles;
import dev.bobbin.internal.watch.GroupGauge.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The groups of workers that run, and the times of all of them together. Guarded by itself. */
public final class Crew {
  private final List<GroupGauge> groups = new ArrayList<>(1);
  private final Timing waits = new Timing();
  private final Timing handlerTimes = new Timing();

  Crew() {}

  /**
   * A group that is about to be made.
   *
   * @param handler the class of its handler
   */
  public GroupGauge group(Class<?> handler, long leaseNanos) {
    return new GroupGauge(this, name(handler), leaseNanos);
  }

  /** A class as a person knows it: a lambda goes by the class that it is written in. */
  static String name(Class<?> handler) {
    String name = handler.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : name.substring(0, lambda) + " (lambda)";
  }

  synchronized void add(GroupGauge group) {
    groups.add(group);
  }

  /** What it has recorded stays in the times of all. */
  synchronized void remove(GroupGauge group) {
    group.collect(System.nanoTime(), waits, handlerTimes);
    groups.remove(group);
  }

  /** Takes over what the workers recorded since the last call. */
  synchronized void collect(long nowNanos) {
    waits.turn(nowNanos);
    handlerTimes.turn(nowNanos);
    for (GroupGauge group : groups) {
      group.collect(nowNanos, waits, handlerTimes);
    }
  }

  /** From being ready to being taken, over all workers. */
  synchronized Percentiles waits() {
    return waits.percentiles(TimeUnit.MILLISECONDS.toNanos(1));
  }

  /** For each job, over all workers. */
  synchronized Percentiles handlerTimes() {
    return handlerTimes.percentiles(1);
  }

  /** The groups as they are now, for the judge. */
  public synchronized List<Group> groups(long nowNanos) {
    List<Group> all = new ArrayList<>(groups.size());
    for (GroupGauge group : groups) {
      all.add(group.group(nowNanos));
    }
    return all;
  }

  /** The groups as they are now, for people. */
  public synchronized List<HandlerGroup> status(long nowNanos) {
    return groups.stream().map(group -> group.status(nowNanos)).toList();
  }
}
