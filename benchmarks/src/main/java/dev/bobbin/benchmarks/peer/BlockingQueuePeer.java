package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;

/** The JDK's bounded queue, on the heap. It keeps what it is given, so each job is a copy. */
final class BlockingQueuePeer implements Peer {
  private static final int CAPACITY = 65_536;

  @Override
  public Map<String, String> settings() {
    return Map.of("capacity", Integer.toString(CAPACITY), "taken by", "take, then drainTo");
  }

  @Override
  public Transport open(Load load, Path directory) {
    return new Open(load.batch());
  }

  private static final class Open implements Transport {
    private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final WorkerThreads workers = new WorkerThreads();
    private final int batch;

    Open(int batch) {
      this.batch = batch;
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    private void work(Receiver receiver) throws InterruptedException {
      List<byte[]> taken = new ArrayList<>();
      while (!workers.stopping()) {
        receiver.handle(queue.take());
        queue.drainTo(taken, batch - 1);
        for (byte[] job : taken) {
          receiver.handle(job);
        }
        taken.clear();
      }
    }

    @Override
    public Producer producer() {
      return payload -> queue.put(payload.clone());
    }

    @Override
    public void close() {
      workers.stop(true);
    }
  }
}
