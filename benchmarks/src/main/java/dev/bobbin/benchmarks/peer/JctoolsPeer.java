package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jctools.queues.MpmcArrayQueue;

/** JCTools' bounded queue, on the heap; whoever finds no job or no room yields. */
final class JctoolsPeer implements Peer {
  private static final int CAPACITY = 65_536;

  @Override
  public Map<String, String> settings() {
    return Map.of("capacity", Integer.toString(CAPACITY), "waiting", "Thread.yield");
  }

  @Override
  public Transport open(Load load, Path directory) {
    return new Open();
  }

  private static final class Open implements Transport {
    private final MpmcArrayQueue<byte[]> queue = new MpmcArrayQueue<>(CAPACITY);
    private final WorkerThreads workers = new WorkerThreads();

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    @SuppressWarnings("ThreadPriorityCheck") // what it is measured with
    private void work(Receiver receiver) {
      while (!workers.stopping()) {
        byte[] job = queue.poll();
        if (job == null) {
          Thread.yield();
        } else {
          receiver.handle(job);
        }
      }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    public Producer producer() {
      return payload -> {
        byte[] copy = payload.clone();
        while (!queue.offer(copy)) {
          Thread.yield();
        }
      };
    }

    @Override
    public void close() {
      workers.stop(false);
    }
  }
}
