package dev.bobbin.benchmarks.peer;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * This queue, with its default options but for what is named here. In memory its ring has room for
 * as many jobs as the other queues in memory have, or up to twice as many: its size is a power of
 * two.
 */
record BobbinPeer(boolean onDirectory, Handler handler, Duration flushInterval) implements Peer {
  private static final long JOBS_IN_MEMORY = 65_536;

  /** What a job takes up beside its payload. */
  private static final int HEADER_BYTES = 40;

  enum Handler {
    RAW("raw handler"),
    BATCH("batch handler on byte[]"),
    EACH("handler of one byte[]");

    private final String words;

    Handler(String words) {
      this.words = words;
    }
  }

  @Override
  public Map<String, String> settings() {
    return onDirectory
        ? Map.of("handler", handler.words, "flushInterval", flushInterval.toMillis() + " ms")
        : Map.of("handler", handler.words, "ringBytes", "the next power of two for 65536 jobs");
  }

  private QueueOptions options(Load load) {
    QueueOptions options = QueueOptions.defaults().withFlushInterval(flushInterval);
    long jobs = JOBS_IN_MEMORY * (load.payloadBytes() + HEADER_BYTES);
    return onDirectory ? options : options.withRingBytes((int) Long.highestOneBit(2 * jobs - 1));
  }

  @Override
  public Transport open(Load load, Path directory) {
    Bobbin bobbin = onDirectory ? Bobbin.open(directory.resolve("bobbin")) : Bobbin.inMemory();
    JobQueue<byte[]> queue = bobbin.queue("bench", Codec.bytes(), options(load));
    return new Open(bobbin, queue, handler, load.batch());
  }

  private record Open(Bobbin bobbin, JobQueue<byte[]> queue, Handler handler, int batch)
      implements Transport {
    @Override
    public void start(List<Receiver> receivers) {
      // A group for each worker, since each has a receiver of its own.
      WorkOptions one = WorkOptions.workers(1).batch(batch);
      for (Receiver receiver : receivers) {
        switch (handler) {
          case RAW -> queue.workRaw(one, receiver);
          case BATCH -> queue.workBatches(one, receiver);
          case EACH -> queue.work(one, receiver);
        }
      }
    }

    @Override
    public Producer producer() {
      return queue::submit;
    }

    @Override
    public void close() {
      bobbin.close();
    }
  }
}
