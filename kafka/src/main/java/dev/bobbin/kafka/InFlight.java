package dev.bobbin.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one fetch, and what has become of each. Whoever settles jobs writes; the fetcher
 * that brought them takes what is new and tells the broker. Guarded by itself.
 *
 * <pre>
 *   OPEN ---- acked, put off or set aside ----> ACCEPT ----> taken by the fetcher
 *     |
 *     +------ copy failed, or queue closed ---> RELEASE ---> taken by the fetcher
 * </pre>
 */
final class InFlight {
  private enum State {
    OPEN,
    ACCEPT,
    RELEASE,
    TAKEN
  }

  /** What the fetcher tells the broker. */
  interface Teller {
    void tell(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type);
  }

  private final Runnable settled;
  private final List<ConsumerRecord<byte[], byte[]>> records;

  /** Where each one's frame begins, and where the last one's ends. */
  private final long[] positions;

  private final State[] states;
  private int open;
  private int untold;

  /**
   * @param positions one more than there are records
   * @param settled called when all are settled, without a lock
   */
  InFlight(List<ConsumerRecord<byte[], byte[]>> records, long[] positions, Runnable settled) {
    this.records = records;
    this.positions = positions;
    this.settled = settled;
    this.states = new State[records.size()];
    Arrays.fill(states, State.OPEN);
    this.open = states.length;
  }

  long first() {
    return positions[0];
  }

  /** Whether {@code position} is within it: every other one is another fetch's, or nobody's now. */
  boolean covers(long position) {
    return position >= positions[0] && position < positions[records.size()];
  }

  /** The record at {@code position}. */
  ConsumerRecord<byte[], byte[]> record(long position) {
    return records.get(index(position));
  }

  private int index(long position) {
    int index = Arrays.binarySearch(positions, 0, records.size(), position);
    if (index < 0) {
      throw new IllegalStateException("no job of this fetch begins at position " + position);
    }
    return index;
  }

  /** Every job from {@code from} up to {@code to} is done; returns how many were open. */
  int accept(long from, long to) {
    return settle(from, to, State.ACCEPT);
  }

  /** The broker is to hand out again what begins from {@code from} up to {@code to}. */
  void release(long from, long to) {
    settle(from, to, State.RELEASE);
  }

  private int settle(long from, long to, State state) {
    int count = 0;
    boolean all;
    synchronized (this) {
      for (int i = index(from); i < states.length && positions[i] < to; i++) {
        if (states[i] == State.OPEN) {
          states[i] = state;
          count++;
        }
      }
      open -= count;
      untold += count;
      all = open == 0;
    }
    if (count > 0 && all) {
      settled.run();
    }
    return count;
  }

  /** Whether the job at {@code position} is neither done nor given back, and still in this hand. */
  synchronized boolean isOpen(long position) {
    return states[index(position)] == State.OPEN;
  }

  /** Whether a job is neither done nor given back. */
  synchronized boolean isOpen() {
    return open > 0;
  }

  /** How many are settled of which the broker has not been told. */
  synchronized int untold() {
    return untold;
  }

  /** Tells of everything that is settled and was not told. */
  synchronized void tell(Teller teller) {
    for (int i = 0; i < states.length && untold > 0; i++) {
      State state = states[i];
      if (state == State.ACCEPT || state == State.RELEASE) {
        teller.tell(
            records.get(i),
            state == State.ACCEPT ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
        states[i] = State.TAKEN;
        untold--;
      }
    }
  }

  /** Tells that every open one is still worked on. */
  synchronized void renew(Teller teller) {
    for (int i = 0; i < states.length; i++) {
      if (states[i] == State.OPEN) {
        teller.tell(records.get(i), AcknowledgeType.RENEW);
      }
    }
  }

  /** Jobs that are no longer this process's, and those of them that were acked already. */
  record Lost(int jobs, int accepted) {}

  /**
   * Forgets those that are no longer this process's, of which nothing can be told any more; returns
   * how many.
   */
  Lost keep(Predicate<ConsumerRecord<byte[], byte[]>> held) {
    int lost = 0;
    int accepted = 0;
    boolean ends;
    synchronized (this) {
      int before = open;
      for (int i = 0; i < states.length; i++) {
        boolean told = states[i] == State.TAKEN;
        if (!told && !held.test(records.get(i))) {
          open -= states[i] == State.OPEN ? 1 : 0;
          untold -= states[i] == State.OPEN ? 0 : 1;
          accepted += states[i] == State.ACCEPT ? 1 : 0;
          states[i] = State.TAKEN;
          lost++;
        }
      }
      ends = before > 0 && open == 0;
    }
    if (ends) {
      settled.run();
    }
    return new Lost(lost, accepted);
  }

  /** Gives back what is open, because the queue closes. */
  synchronized void releaseOpen() {
    for (int i = 0; i < states.length; i++) {
      if (states[i] == State.OPEN) {
        states[i] = State.RELEASE;
        open--;
        untold++;
      }
    }
  }
}
