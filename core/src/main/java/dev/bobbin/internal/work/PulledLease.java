package dev.bobbin.internal.work;

import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a puller sees of a {@link BatchLease}: the jobs that could be handed out. */
final class PulledLease<T> implements Lease<T> {
  private final BatchLease lease;
  private final JobBatch<T> jobs;
  private final long leaseNanos;

  /** For each job here the one in the batch, which has the others, too. */
  private final int[] places;

  PulledLease(BatchLease lease, JobBatch<T> jobs, long leaseNanos) {
    this.lease = lease;
    this.jobs = jobs;
    this.leaseNanos = leaseNanos;
    this.places = new int[jobs.size()];
    int place = 0;
    for (int i = 0; i < places.length; i++) {
      while (lease.jobs().offset(place) != jobs.offset(i)) {
        place++;
      }
      places[i] = place++;
    }
  }

  @Override
  public int size() {
    return jobs.size();
  }

  @Override
  public LeasedJob<T> job(int index) {
    Objects.checkIndex(index, size());
    return new Entry(index, jobs.job(index));
  }

  @Override
  public Iterator<LeasedJob<T>> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public LeasedJob<T> next() {
        if (next >= size()) {
          throw new NoSuchElementException();
        }
        return job(next++);
      }
    };
  }

  @Override
  public int ackAll() {
    return lease.ackAll();
  }

  @Override
  public int unsettled() {
    return lease.unsettled();
  }

  @Override
  public long token() {
    return isEmpty() ? 0 : lease.token();
  }

  @Override
  public Duration expiresIn() {
    return Duration.ofNanos(lease.nanosLeft());
  }

  @Override
  public boolean renew() {
    return lease.renew(leaseNanos);
  }

  @Override
  public boolean renew(Duration time) {
    return lease.renew(Pulls.leaseNanos(time));
  }

  @Override
  public void close() {
    lease.close();
  }

  private final class Entry implements LeasedJob<T> {
    private final int index;

    /** For what can be read of it; its outcomes are not used. */
    private final Job<T> delivered;

    Entry(int index, Job<T> delivered) {
      this.index = index;
      this.delivered = delivered;
    }

    @Override
    public JobId id() {
      return delivered.id();
    }

    @Override
    public int attempt() {
      return delivered.attempt();
    }

    @Override
    public Instant submittedAt() {
      return delivered.submittedAt();
    }

    @Override
    public Priority priority() {
      return delivered.priority();
    }

    @Override
    public Map<String, String> headers() {
      return delivered.headers();
    }

    @Override
    public T payload() {
      return delivered.payload();
    }

    @Override
    public boolean ack() {
      return lease.settle(places[index], null);
    }

    @Override
    public boolean retry(String error) {
      return settle(Unacked.Kind.RETRY, Unacked.BY_POLICY, error);
    }

    @Override
    public boolean retry(Duration delay, String error) {
      return settle(Unacked.Kind.RETRY, Delay.nanos(delay), error);
    }

    @Override
    public boolean snooze(Duration delay) {
      return settle(Unacked.Kind.SNOOZE, Delay.nanos(delay), "");
    }

    @Override
    public boolean reject(String reason) {
      return settle(Unacked.Kind.REJECT, 0, reason);
    }

    private boolean settle(Unacked.Kind kind, long delayNanos, @Nullable String text) {
      return lease.settle(
          places[index],
          new Unacked(
              lease.jobs().bytes(),
              jobs.offset(index),
              kind,
              delayNanos,
              text == null ? "" : text));
    }
  }
}
