package dev.bobbin.benchmarks.curve;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The queues of one point. They stay open from one session to the next, until they are closed; a
 * session brings its own workers and producers. For one thread.
 */
final class Queues implements Peer {
  private final Setup setup;
  private final Work work;
  private final Bobbin bobbin;
  private final List<JobQueue<byte[]>> queues;

  /** How a worker hands the jobs of its queue to its receiver. */
  @FunctionalInterface
  interface Work {
    Workers start(JobQueue<byte[]> queue, WorkOptions one, Receiver receiver);
  }

  private Queues(Setup setup, Work work, Bobbin bobbin) {
    this.setup = setup;
    this.work = work;
    this.bobbin = bobbin;
    queues =
        IntStream.range(0, setup.open())
            .mapToObj(i -> bobbin.queue("queue-" + i, Codec.bytes(), setup.options()))
            .toList();
  }

  static Queues inMemory(Setup setup, Work work) {
    return new Queues(setup, work, Bobbin.inMemory());
  }

  /** Creates them, or opens those that are there. */
  static Queues on(Path directory, Setup setup, Work work) {
    return new Queues(setup, work, Bobbin.open(directory.resolve("bobbin")));
  }

  /** The first one. */
  JobQueue<byte[]> first() {
    return queues.get(0);
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public Transport open(Load load, Path directory) {
    return new Used(load);
  }

  @Override
  public void close() {
    bobbin.close();
  }

  /** The queues in one session: the first ones get jobs, and all have workers. */
  private final class Used implements Transport {
    private final Load load;
    private final List<Workers> workers = new ArrayList<>();

    Used(Load load) {
      this.load = load;
    }

    @Override
    public void start(List<Receiver> receivers) {
      WorkOptions one = WorkOptions.workers(1).batch(load.batch());
      for (int i = 0; i < receivers.size(); i++) {
        workers.add(work.start(queues.get(i / load.workers()), one, receivers.get(i)));
      }
      for (JobQueue<byte[]> idle : queues.subList(load.queues(), setup.open())) {
        workers.add(
            idle.workRaw(
                one,
                job -> {
                  throw new IllegalStateException(idle.name() + " was given a job");
                }));
      }
    }

    @Override
    public Producer producer() {
      if (load.queues() == 1) {
        return first()::submit;
      }
      return new Producer() {
        private int next;

        @Override
        public void send(byte[] payload) {
          queues.get(next).submit(payload);
          next = next + 1 == load.queues() ? 0 : next + 1;
        }
      };
    }

    @Override
    public void close() {
      workers.forEach(Workers::stop);
      workers.forEach(Workers::close);
    }
  }
}
