package dev.bobbin.benchmarks.peer;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * LMAX Disruptor, on the heap: a ring of preallocated arrays into which payloads are copied. Each
 * of several workers sees all events and takes its share by their number, as its user guide says.
 */
final class DisruptorPeer implements Peer {
  private static final int CAPACITY = 65_536;

  private final boolean multi;

  /** {@code multi}: any thread may publish, as any may submit a job, also where only one does. */
  DisruptorPeer(boolean multi) {
    this.multi = multi;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "capacity",
        Integer.toString(CAPACITY),
        "waitStrategy",
        "YieldingWaitStrategy",
        "producerType",
        multi ? "MULTI" : "SINGLE for one producer, else MULTI");
  }

  @Override
  public Transport open(Load load, Path directory) {
    Disruptor<byte[]> disruptor =
        new Disruptor<>(
            () -> new byte[load.payloadBytes()],
            CAPACITY,
            Executors.defaultThreadFactory(),
            multi || load.producers() > 1 ? ProducerType.MULTI : ProducerType.SINGLE,
            new YieldingWaitStrategy());
    return new Open(disruptor);
  }

  private record Open(Disruptor<byte[]> disruptor) implements Transport {
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of handlers, for varargs
    public void start(List<Receiver> receivers) {
      EventHandler<byte[]>[] handlers = new EventHandler[receivers.size()];
      for (int i = 0; i < handlers.length; i++) {
        handlers[i] = share(receivers.get(i), i, handlers.length);
      }
      disruptor.handleEventsWith(handlers);
      disruptor.start();
    }

    private static EventHandler<byte[]> share(Receiver receiver, int number, int of) {
      if (of == 1) {
        return (job, sequence, last) -> receiver.handle(job);
      }
      return (job, sequence, last) -> {
        if (sequence % of == number) {
          receiver.handle(job);
        }
      };
    }

    @Override
    public Producer producer() {
      RingBuffer<byte[]> ring = disruptor.getRingBuffer();
      return payload -> {
        long sequence = ring.next();
        try {
          System.arraycopy(payload, 0, ring.get(sequence), 0, payload.length);
        } finally {
          ring.publish(sequence);
        }
      };
    }

    @Override
    public void close() {
      disruptor.shutdown();
    }
  }
}
