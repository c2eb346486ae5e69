package dev.bobbin.torture.disk;

import dev.bobbin.Codec;
import dev.bobbin.Durability;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.testkit.TestBobbin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What the queues of a scenario are like; the smallest that there can be. */
record Shape(Style style, List<String> names, QueueOptions options) {
  /** What a scenario does most. */
  enum Style {
    MIXED,
    /** Fills segments. */
    HEAVY,
    /** Begins a segment at each opening, until the oldest is copied forward. */
    REOPENING
  }

  static Shape of(SplittableRandom random) {
    Style[] styles = {Style.MIXED, Style.MIXED, Style.HEAVY, Style.REOPENING};
    boolean flushesByItself = random.nextInt(3) == 0;
    QueueOptions options =
        QueueOptions.defaults()
            .withRingBytes(256 << 10)
            .withSegmentBytes(1 << 20)
            // Otherwise only when it is asked to: then the seed decides nearly everything.
            .withFlushInterval(flushesByItself ? Duration.ofMillis(1) : Duration.ofSeconds(10))
            .withDurability(random.nextInt(6) == 0 ? Durability.SYNC : Durability.PERIODIC)
            .withRetry(RetryPolicy.DEFAULT.crashes(15));
    List<String> names = IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> "q" + i).toList();
    return new Shape(styles[random.nextInt(styles.length)], names, options);
  }

  /** The same for runs that are repeated many times: small, and the seed decides everything. */
  Shape brief() {
    return new Shape(
        Style.MIXED,
        names,
        options.withFlushInterval(Duration.ofSeconds(10)).withSubmitTimeout(Duration.ofMillis(20)));
  }

  boolean syncsEach() {
    return options.durability() == Durability.SYNC;
  }

  /** Opens the queues, in the order of their names. */
  Map<String, JobQueue<byte[]>> open(TestBobbin bobbin) {
    Map<String, JobQueue<byte[]>> queues = new LinkedHashMap<>();
    names.forEach(name -> queues.put(name, bobbin.queue(name, Codec.bytes(), options)));
    return queues;
  }
}
