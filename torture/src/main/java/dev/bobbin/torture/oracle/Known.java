package dev.bobbin.torture.oracle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What the {@link Oracle} remembers of every job: five bytes, by producer and number. */
final class Known {
  /** It was about to be submitted. */
  static final int INTENDED = 1;

  /** The queue promised that it survives. */
  static final int PROMISED = 2;

  static final int REFUSED = 4;
  static final int DELIVERED = 8;

  /** A handler was about to ack it. */
  static final int ACKED = 16;

  /** It was about to become a dead letter, by rejection or by its last failure. */
  static final int DYING = 32;

  /** It did become a dead letter. */
  static final int DEAD = 64;

  /** It was acked so long before a death that it must not come back. */
  static final int SETTLED = 128;

  /** When jobs with a delay are due. */
  final Map<Long, Long> dueMillis = new HashMap<>();

  private final Map<Integer, Jobs> producers = new HashMap<>();

  /** The jobs of one producer in one run, by number. */
  private static final class Jobs {
    byte[] flags = new byte[0];

    /** The highest attempt that was about to be retried; a delivery of the next one is legal. */
    byte[] retried = new byte[0];

    /** Deliveries below this attempt are over. */
    byte[] atLeast = new byte[0];

    /** How long before its death the run carried the ack out; {@code -1}: it may not have. */
    short[] ackedBefore = new short[0];

    void size(int size) {
      flags = Arrays.copyOf(flags, size);
      retried = Arrays.copyOf(retried, size);
      atLeast = Arrays.copyOf(atLeast, size);
      ackedBefore = Arrays.copyOf(ackedBefore, size);
    }
  }

  /** One producer's jobs are numbered from 0 to {@code count} - 1. */
  void add(long key, int count) {
    producers.computeIfAbsent((int) (key >>> 32), k -> new Jobs()).size(count);
  }

  private Jobs jobs(long key) {
    Jobs jobs = producers.get((int) (key >>> 32));
    if (jobs == null) {
      throw new IllegalStateException("nobody intended " + Plan.name(key));
    }
    return jobs;
  }

  boolean is(long key, int flag) {
    Jobs jobs = producers.get((int) (key >>> 32));
    int number = Plan.number(key);
    return jobs != null
        && number >= 0
        && number < jobs.flags.length
        && (jobs.flags[number] & flag) != 0;
  }

  void set(long key, int flags) {
    jobs(key).flags[Plan.number(key)] |= (byte) flags;
  }

  void clear(long key, int flags) {
    jobs(key).flags[Plan.number(key)] &= (byte) ~flags;
  }

  int retried(long key) {
    return jobs(key).retried[Plan.number(key)];
  }

  void retried(long key, int attempt) {
    byte[] all = jobs(key).retried;
    all[Plan.number(key)] = (byte) Math.max(all[Plan.number(key)], attempt);
  }

  int atLeast(long key) {
    return jobs(key).atLeast[Plan.number(key)];
  }

  void atLeast(long key, int attempt) {
    byte[] all = jobs(key).atLeast;
    all[Plan.number(key)] = (byte) Math.max(all[Plan.number(key)], attempt);
  }

  int ackedBefore(long key) {
    return jobs(key).ackedBefore[Plan.number(key)];
  }

  void ackedBefore(long key, long millis) {
    jobs(key).ackedBefore[Plan.number(key)] = (short) Math.min(millis, Short.MAX_VALUE);
  }

  /** Receives keys. */
  interface Visitor {
    void job(long key);
  }

  void forEach(Visitor visitor) {
    producers.forEach(
        (producer, jobs) -> {
          for (int i = 0; i < jobs.flags.length; i++) {
            visitor.job((long) producer << 32 | i);
          }
        });
  }
}
