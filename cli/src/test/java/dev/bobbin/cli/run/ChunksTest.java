package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Batch;
import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static List<Integer> sizes(boolean arguments, TestJob... jobs) {
    return Chunks.of(new TestBatch(List.of(jobs)), arguments).stream().map(List::size).toList();
  }

  private static TestJob job(int bytes, int attempt) {
    return new TestJob(new byte[bytes], attempt).filled();
  }

  @Test
  void freshJobsStayTogether() {
    assertThat(sizes(true, job(1, 1), job(2, 1), job(3, 1))).containsExactly(3);
  }

  @Test
  void jobThatFailedBeforeIsAlone() {
    assertThat(sizes(false, job(1, 1), job(1, 2), job(1, 1))).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void argumentsAreCutBeforeTheSystemsLimit() {
    TestJob[] jobs = Stream.generate(() -> job(40_000, 1)).limit(5).toArray(TestJob[]::new);
    assertThat(sizes(true, jobs)).containsExactly(2, 2, 1);
    assertThat(sizes(false, jobs)).containsExactly(5);
  }

  @Test
  void manySmallArgumentsCountTheirPointersToo() {
    TestJob[] jobs = Stream.generate(() -> job(1, 1)).limit(20_000).toArray(TestJob[]::new);
    // A byte, its NUL and a pointer each: 10 bytes of the 100 KiB.
    assertThat(sizes(true, jobs)).containsExactly(10_240, 9_760);
  }

  @Test
  void unfitArgumentIsAloneSoThatItCanBeSetAside() {
    assertThat(sizes(true, job(1, 1), job(131_071, 1), job(1, 1))).containsExactlyInAnyOrder(1, 2);
    assertThat(Chunks.unfitAsArgument(job(131_070, 1).payload())).isEmpty();
    assertThat(Chunks.unfitAsArgument(job(131_071, 1).payload())).contains("--stdin");
    assertThat(Chunks.unfitAsArgument(new byte[] {'a', 0})).contains("NUL");
  }

  private record TestBatch(List<TestJob> jobs) implements Batch<byte[]> {
    @Override
    public int size() {
      return jobs.size();
    }

    @Override
    public byte[] payload(int index) {
      return jobs.get(index).payload();
    }

    @Override
    public Job<byte[]> job(int index) {
      return jobs.get(index);
    }

    @Override
    public Iterator<Job<byte[]>> iterator() {
      return jobs.stream().map(job -> (Job<byte[]>) job).iterator();
    }
  }

  /** Only what cutting looks at. */
  private record TestJob(byte[] payload, int attempt) implements Job<byte[]> {
    TestJob filled() {
      java.util.Arrays.fill(payload, (byte) 'x');
      return this;
    }

    @Override
    public JobId id() {
      return new JobId(1, 1);
    }

    @Override
    public Priority priority() {
      return Priority.NORMAL;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public Instant submittedAt() {
      return Instant.EPOCH;
    }

    @Override
    public void ack() {
      throw new AssertionError("cutting gives no outcome");
    }

    @Override
    public void retry(String error) {
      ack();
    }

    @Override
    public void retry(Duration delay, String error) {
      ack();
    }

    @Override
    public void snooze(Duration delay) {
      ack();
    }

    @Override
    public void reject(String reason) {
      ack();
    }
  }
}
