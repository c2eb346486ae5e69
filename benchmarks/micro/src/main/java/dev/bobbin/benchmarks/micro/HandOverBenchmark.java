package dev.bobbin.benchmarks.micro;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs that one thread asks another, which sleeps, and sleeps until it answers: as {@code
 * sync} asks the I/O thread. No queue has a part in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandOverBenchmark {
  private volatile boolean asked;
  private volatile boolean ended;
  private volatile @Nullable Thread asking;
  private @Nullable Thread answering;

  /** Made by JMH. */
  public HandOverBenchmark() {}

  /** Starts the other thread. */
  @Setup(Level.Iteration)
  public void start() {
    ended = false;
    Thread thread = new Thread(this::answer, "answering");
    thread.setDaemon(true);
    thread.start();
    answering = thread;
  }

  private void answer() {
    while (!ended) {
      if (asked) {
        asked = false;
        LockSupport.unpark(asking);
      } else {
        LockSupport.park(this);
      }
    }
  }

  /** Ends it. */
  @TearDown(Level.Iteration)
  public void end() throws InterruptedException {
    ended = true;
    Thread thread = Objects.requireNonNull(answering);
    LockSupport.unpark(thread);
    thread.join();
  }

  /** Asks, and waits for the answer. */
  @Benchmark
  public void thereAndBack() {
    asking = Thread.currentThread();
    asked = true;
    LockSupport.unpark(answering);
    while (asked) {
      LockSupport.park(this);
    }
  }
}
