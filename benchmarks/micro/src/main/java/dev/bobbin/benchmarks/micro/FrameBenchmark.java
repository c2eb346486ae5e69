package dev.bobbin.benchmarks.micro;

import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A frame as the journal gets it, checksum included, and its check when it is read back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {
  private static final long SEED = 0x5DEECE66DL;

  /** The payload's size. */
  @Param({"16", "100", "1024", "65536"})
  public int bytes;

  private final FrameWriter writer = new FrameWriter();
  private byte[] payload = {};
  private byte[] frame = {};
  private int length;

  /** Made by JMH. */
  public FrameBenchmark() {}

  /** A frame to be checked. */
  @Setup
  public void setUp() {
    payload = new byte[bytes];
    new java.util.Random(1).nextBytes(payload);
    writer.ready(payload, 1);
    frame = writer.sealed(0, SEED).clone();
    length = writer.alignedLength();
  }

  /** What a producer does before it claims room, and the checksum that a journal wants. */
  @Benchmark
  public byte[] encode() {
    writer.ready(payload, 1);
    return writer.sealed(0, SEED);
  }

  /** What recovery and read-back do with each frame. */
  @Benchmark
  public boolean check() {
    return Frame.isValid(frame, 0, length, 0, SEED);
  }
}
