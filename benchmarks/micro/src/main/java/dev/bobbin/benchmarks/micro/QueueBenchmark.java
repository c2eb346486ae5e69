package dev.bobbin.benchmarks.micro;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.QueueOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The public API's steps on one thread, per job of 100 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class QueueBenchmark {
  private static final int BATCH = 256;

  /** Where the queue is. */
  @Param({"memory", "directory"})
  public String where = "memory";

  private final byte[] payload = new byte[100];
  private Path folder = Path.of("");
  private Bobbin bobbin = Bobbin.inMemory();
  private JobQueue<byte[]> queue = bobbin.queue("never", Codec.bytes());

  /** Made by JMH. */
  public QueueBenchmark() {}

  /** Opens the queue. */
  @Setup
  public void open() throws IOException {
    bobbin.close();
    folder = Files.createTempDirectory("bobbin-micro-");
    bobbin = where.equals("memory") ? Bobbin.inMemory() : Bobbin.open(folder.resolve("bobbin"));
    // Periodic cycles are far apart: only what the benchmark asks for is flushed.
    QueueOptions options = QueueOptions.defaults().withFlushInterval(Duration.ofSeconds(1));
    queue = bobbin.queue("bench", Codec.bytes(), options);
  }

  /** Closes it, and removes its files. */
  @TearDown
  public void close() throws IOException {
    bobbin.close();
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  /** A batch of jobs in, taken and acked. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void submitTakeAck(Blackhole hole) throws InterruptedException {
    for (int i = 0; i < BATCH; i++) {
      queue.submit(payload);
    }
    take(hole);
  }

  /** As {@link #submitTakeAck}, with a flush before the ack: each job is written to the journal. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void submitFlushTakeAck(Blackhole hole) throws InterruptedException {
    for (int i = 0; i < BATCH; i++) {
      queue.submit(payload);
    }
    queue.sync();
    take(hole);
  }

  private void take(Blackhole hole) throws InterruptedException {
    for (int left = BATCH; left > 0; ) {
      try (Lease<byte[]> lease = queue.take(left, Duration.ofSeconds(10))) {
        lease.forEach(job -> hole.consume(job.payload()));
        left -= lease.size();
        lease.ackAll();
      }
    }
  }
}
