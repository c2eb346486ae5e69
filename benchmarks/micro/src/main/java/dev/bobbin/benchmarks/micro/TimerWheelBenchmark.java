package dev.bobbin.benchmarks.micro;

import dev.bobbin.internal.delay.TimerWheel;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A delayed job's way through the wheel, with many others in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimerWheelBenchmark {
  /** Jobs become due at this rate, so the wheel stays as full as it was. */
  private static final int JOBS_PER_MILLI = 1000;

  /** Jobs in the wheel. */
  @Param({"1000", "1000000"})
  public int pending;

  private SplittableRandom random = new SplittableRandom(1);
  private TimerWheel wheel = new TimerWheel(0);
  private long nowMillis;
  private long next;
  private int spreadMillis;

  /** Made by JMH. */
  public TimerWheelBenchmark() {}

  /** Fills the wheel. */
  @Setup(Level.Iteration)
  public void fill() {
    random = new SplittableRandom(1);
    wheel = new TimerWheel(0);
    nowMillis = 0;
    next = 0;
    spreadMillis = Math.max(1, 2 * pending / JOBS_PER_MILLI);
    for (int i = 0; i < pending; i++) {
      add();
    }
  }

  private void add() {
    wheel.add(nowMillis + 1 + random.nextInt(spreadMillis), next++);
  }

  /** One job in, and a thousandth of a millisecond's jobs out. */
  @Benchmark
  public void addAndExpire(Blackhole hole) {
    add();
    if (next % JOBS_PER_MILLI == 0) {
      nowMillis++;
      wheel.expire(nowMillis, Integer.MAX_VALUE, (due, position) -> hole.consume(position));
    }
  }
}
