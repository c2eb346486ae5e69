package dev.bobbin.torture.disk;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What must be there after a death, and what may be.
 *
 * @param mark what had happened by then, by the ledger's clock, had happened before the death
 */
record Expected(long mark, List<Job> jobs) {
  /**
   * One job.
   *
   * @param finishing whether somebody had begun to ack or purge it
   * @param settled whether that is done and durable
   * @param parent the job whose ack came after this one was accepted, or -1
   */
  record Job(
      int number,
      String queue,
      List<Stage> stages,
      boolean finishing,
      boolean settled,
      int parent) {}

  /**
   * Tells {@code faults} of every promise that {@code found} breaks.
   *
   * @param machine whether the machine died, not the process alone
   */
  void check(Map<Integer, Found> found, boolean machine, Consumer<String> faults) {
    for (Job job : jobs) {
      Found there = found.get(job.number);
      String name = "job " + job.number + " of " + job.queue + " ";
      int promised = promised(job, machine);
      if (there == null) {
        if (promised >= 0 && !job.finishing) {
          faults.accept(name + "is lost: " + job.stages);
        } else if (isOwedByChain(job, found) && !job.finishing) {
          faults.accept(
              name
                  + "is lost, but the ack of job "
                  + job.parent
                  + " of "
                  + jobs.get(job.parent).queue
                  + ", which came after it, is not");
        }
        continue;
      }
      if (job.settled) {
        faults.accept(name + "came back though it was finished for good: " + there);
      } else if (!there.queue().equals(job.queue)) {
        faults.accept(name + "is in " + there.queue());
      } else if (stage(job, there, job.finishing ? 0 : Math.max(0, promised)) == null) {
        faults.accept(
            name
                + "is "
                + there
                + ", expected one of its stages from "
                + promised
                + " on: "
                + job.stages);
      }
    }
    for (int number : found.keySet()) {
      if (number >= jobs.size()) {
        faults.accept("job " + number + " was never submitted before the death");
      }
    }
  }

  /** The last stage that the level in force promises, -1 if there is none. */
  private int promised(Job job, boolean machine) {
    for (int i = job.stages.size() - 1; i >= 0; i--) {
      Stage stage = job.stages.get(i);
      if ((machine ? stage.synced() : stage.returned()) <= mark) {
        return i;
      }
    }
    return -1;
  }

  /** Invariant 13: its parent was durable and is gone, so the parent's ack is durable. */
  private boolean isOwedByChain(Job job, Map<Integer, Found> found) {
    return job.parent >= 0
        && !found.containsKey(job.parent)
        && jobs.get(job.parent).stages.stream().anyMatch(stage -> stage.synced() <= mark);
  }

  /**
   * A job that is about to be finished may come back from an older stage: a copy that is finished
   * before it is flushed never touches the disk, while the ack of its original is still to come.
   */
  private static @Nullable Stage stage(Job job, Found there, int from) {
    for (Stage stage : job.stages.subList(from, job.stages.size())) {
      boolean early = !stage.dead() && stage.dueMillis() <= there.nowMillis();
      if (stage.attempt() == there.attempt()
          && stage.dead() == there.dead()
          && early == there.early()) {
        return stage;
      }
    }
    return null;
  }
}
