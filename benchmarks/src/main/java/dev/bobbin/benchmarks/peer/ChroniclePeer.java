package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.threads.Pauser;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue. It has no acks, no bound, and no workers that share a queue: each worker has one
 * of its own, which producers choose in turn, and a tailer whose index is stored.
 */
final class ChroniclePeer implements Peer {
  private static final long BLOCK_BYTES = 256 << 20;

  /** What its documents ask for on JDK 17 and later, and no report over the network. */
  static final List<String> JVM_OPTIONS =
      Stream.concat(
              Stream.of(
                  "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                  "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                  "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                  "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                  "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                  "--add-opens=java.base/java.lang=ALL-UNNAMED",
                  "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                  "--add-opens=java.base/java.io=ALL-UNNAMED",
                  "--add-opens=java.base/java.util=ALL-UNNAMED",
                  "-Dchronicle.analytics.disable=true"),
              Runtime.version().feature() < 24
                  ? Stream.of()
                  : Stream.of(
                      "--sun-misc-unsafe-memory-access=allow",
                      "--enable-native-access=ALL-UNNAMED"))
          .toList();

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "blockSize",
        Long.toString(BLOCK_BYTES),
        "force",
        "left to the system (the default)",
        "queues",
        "one for each worker, chosen in turn",
        "acks of jobs",
        "none; a named tailer, whose index is stored with each job",
        "waiting",
        "Pauser.balanced");
  }

  @Override
  public Transport open(Load load, Path directory) {
    List<SingleChronicleQueue> queues =
        IntStream.range(0, load.workers())
            .mapToObj(
                worker ->
                    ChronicleQueue.singleBuilder(directory.resolve("queue-" + worker))
                        .blockSize(BLOCK_BYTES)
                        .build())
            .toList();
    return new Open(queues);
  }

  private static final class Open implements Transport {
    private final List<SingleChronicleQueue> queues;
    private final WorkerThreads workers = new WorkerThreads();

    Open(List<SingleChronicleQueue> queues) {
      this.queues = queues;
    }

    @Override
    public void start(List<Receiver> receivers) {
      for (int i = 0; i < receivers.size(); i++) {
        SingleChronicleQueue queue = queues.get(i);
        workers.start(List.of(receivers.get(i)), receiver -> work(queue, receiver));
      }
    }

    private void work(SingleChronicleQueue queue, Receiver receiver) {
      Pauser pauser = Pauser.balanced();
      byte[] job = {};
      try (ExcerptTailer tailer = queue.createTailer("worker")) {
        while (!workers.stopping()) {
          try (DocumentContext document = tailer.readingDocument()) {
            if (document.isPresent()) {
              var bytes = document.wire().bytes();
              int size = (int) bytes.readRemaining();
              if (job.length != size) {
                job = new byte[size];
              }
              bytes.read(job);
              receiver.handle(job);
              pauser.reset();
              continue;
            }
          }
          pauser.pause();
        }
      }
    }

    @Override
    public Producer producer() {
      List<ExcerptAppender> appenders =
          queues.stream().map(ChronicleQueue::createAppender).toList();
      // Each round has a thread of its own; there is one at a time.
      appenders.forEach(appender -> appender.singleThreadedCheckDisabled(true));
      return new Producer() {
        private int next;

        @Override
        public void send(byte[] payload) {
          try (DocumentContext document = appenders.get(next).writingDocument()) {
            document.wire().bytes().write(payload);
          }
          next = (next + 1) % appenders.size();
        }
      };
    }

    @Override
    public void close() {
      workers.stop(false);
      queues.forEach(SingleChronicleQueue::close);
    }
  }
}
