package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * No queue, but what each queue of this design has to do for a job, and nothing else: a ring of the
 * same size for one producer and one worker, to see what a step costs. Nothing is acked, retried,
 * recovered or counted, and whoever waits burns a processor.
 */
final class BareRingPeer implements Peer {
  private static final int RING_BYTES = 64 << 20;

  /** What is done for a job; each does what those before it do, too. */
  enum Step {
    /** Copies the payload into the ring, and publishes its length. */
    COPY,
    /** Claims its place with a compare-and-set, as any producer has to that is not the only one. */
    CLAIM,
    /** Builds a frame on the heap first: 40 bytes of header, and a CRC32C of all. */
    FRAME,
    /** The ring is a file, mapped. */
    MAP
  }

  private final Step last;

  BareRingPeer(Step last) {
    this.last = last;
  }

  private boolean does(Step step) {
    return last.compareTo(step) >= 0;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("ring", "64 MiB", "waiting", "Thread.yield");
  }

  @Override
  public Transport open(Load load, Path directory) throws IOException {
    if (load.producers() > 1 || load.workers() > 1) {
      throw new IllegalArgumentException("one producer and one worker, found " + load);
    }
    int header = does(Step.FRAME) ? BareRing.HEADER_BYTES : Long.BYTES;
    return new Open(new BareRing(memory(directory), header, load.payloadBytes()));
  }

  private ByteBuffer memory(Path directory) throws IOException {
    if (!does(Step.MAP)) {
      return ByteBuffer.allocateDirect(RING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("ring"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      // Blocks of its own, as a queue's ring has them.
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (long at = 0; at < RING_BYTES; at += zeros.capacity()) {
        file.write(zeros.clear(), at);
      }
      return file.map(FileChannel.MapMode.READ_WRITE, 0, RING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private final class Open implements Transport {
    private final BareRing ring;
    private final WorkerThreads workers = new WorkerThreads();

    Open(BareRing ring) {
      this.ring = ring;
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    @SuppressWarnings("ThreadPriorityCheck") // what it is measured with
    private void work(Receiver receiver) {
      while (!workers.stopping()) {
        if (!ring.take(receiver)) {
          Thread.yield();
        }
      }
    }

    @Override
    public Producer producer() {
      if (!does(Step.FRAME)) {
        boolean claims = does(Step.CLAIM);
        return payload -> ring.put(claims ? ring.claim() : ring.next(), payload);
      }
      byte[] frame = ring.newFrame();
      CRC32C crc = new CRC32C();
      return payload -> {
        System.arraycopy(payload, 0, frame, BareRing.HEADER_BYTES, payload.length);
        long number = ring.claim();
        ring.seal(frame, number, crc);
        ring.putFrame(number, frame);
      };
    }

    @Override
    public void close() {
      workers.stop(false);
    }
  }
}
