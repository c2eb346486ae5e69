package dev.bobbin;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/reference/options.md} says what the code does. */
class OptionsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "options.md");
  private static final QueueOptions QUEUE = QueueOptions.defaults();
  private static final RetryPolicy RETRY = RetryPolicy.DEFAULT;
  private static final WorkOptions WORK = WorkOptions.workers(1);

  /** Sets an option to a value, given as a number: bytes, a count, or nanoseconds. */
  private static final Map<String, Consumer<Number>> SETTERS =
      Map.ofEntries(
          entry("QueueOptions.ringBytes", n -> QUEUE.withRingBytes(n.intValue())),
          entry(
              "QueueOptions.segmentBytes",
              n -> QUEUE.withMaxPayloadBytes(1).withSegmentBytes(n.intValue())),
          entry("QueueOptions.maxPayloadBytes", n -> QUEUE.withMaxPayloadBytes(n.intValue())),
          entry("QueueOptions.flushInterval", n -> QUEUE.withFlushInterval(nanos(n))),
          entry("QueueOptions.submitTimeout", n -> QUEUE.withSubmitTimeout(nanos(n))),
          entry("Limits.jobs", n -> Limits.DEFAULT.withJobs(n.longValue())),
          entry("Limits.bytes", n -> Limits.DEFAULT.withBytes(n.longValue())),
          entry(
              "RetryPolicy.firstDelay",
              n -> new RetryPolicy(nanos(n), RetryPolicy.LONGEST, 0, 1, 1)),
          entry("RetryPolicy.maxDelay", n -> RETRY.upTo(nanos(n))),
          entry("RetryPolicy.jitter", n -> RETRY.jittered(n.doubleValue())),
          entry("RetryPolicy.maxAttempts", n -> RETRY.attempts(n.intValue())),
          entry("RetryPolicy.maxCrashes", n -> RETRY.crashes(n.intValue())),
          entry("DeadLetterLimit.jobs", n -> DeadLetterLimit.discardingOldest(n.longValue())),
          entry("Throttle.burst", n -> Throttle.NONE.bursting(n.intValue())),
          entry(
              "Throttle.concurrency",
              n -> Throttle.concurrency((int) Math.min(n.longValue(), Integer.MAX_VALUE))),
          entry("Deduplication.window", n -> new Deduplication(nanos(n), 1)),
          entry("Deduplication.keys", n -> new Deduplication(Duration.ofSeconds(1), n.intValue())),
          entry("WorkOptions.workers", n -> WorkOptions.workers(n.intValue())),
          entry("WorkOptions.maxBatch", n -> WORK.batch(n.intValue())),
          entry("WorkOptions.timeout", n -> WORK.timeout(nanos(n))),
          entry("WorkOptions.lease", n -> WORK.lease(nanos(n))),
          entry("JobOptions.delay", n -> JobOptions.delay(nanos(n))),
          entry("JobOptions.timeToLive", n -> JobOptions.NONE.expiringAfter(nanos(n))));

  private static final Map<Class<? extends Record>, Record> DEFAULTS =
      Map.of(
          QueueOptions.class, QUEUE,
          Limits.class, Limits.DEFAULT,
          RetryPolicy.class, RETRY,
          DeadLetterLimit.class, DeadLetterLimit.DEFAULT,
          Throttle.class, Throttle.NONE,
          Deduplication.class, Deduplication.DEFAULT,
          WorkOptions.class, WORK,
          JobOptions.class, JobOptions.NONE);

  /** A row of the page. */
  private record Row(String option, String preset, String least, String most) {
    @Override
    public String toString() {
      return option;
    }
  }

  static List<Row> rows() {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .filter(line -> line.startsWith("| `"))
          .map(line -> line.split("\\|", -1))
          .map(
              c -> new Row(c[1].strip().replace("`", ""), c[2].strip(), c[3].strip(), c[4].strip()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Row> ranges() {
    return rows().stream().filter(row -> !row.least.equals("-")).toList();
  }

  static List<Row> presets() {
    return rows().stream()
        .filter(row -> !row.preset.equals("-") && !row.preset.startsWith("see "))
        .toList();
  }

  @Test
  void everyOptionHasARow() {
    List<String> options =
        DEFAULTS.keySet().stream()
            .flatMap(
                type ->
                    Arrays.stream(type.getRecordComponents())
                        .map(component -> type.getSimpleName() + "." + component.getName()))
            .toList();
    assertThat(rows()).extracting(Row::option).containsExactlyInAnyOrderElementsOf(options);
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void rangeIsTheCodes(Row row) {
    Consumer<Number> setter = SETTERS.get(row.option);
    assertThat(setter).as("a way to set %s", row.option).isNotNull();
    Number least = parse(row.least);
    assertThatCode(() -> setter.accept(least)).as("least").doesNotThrowAnyException();
    refused(row, below(least));
    Number most = parse(row.most);
    assertThatCode(() -> setter.accept(most)).as("most").doesNotThrowAnyException();
    if (!row.most.equals("unlimited")) {
      refused(row, above(most));
    }
  }

  private static void refused(Row row, Number value) {
    assertThatThrownBy(() -> SETTERS.get(row.option).accept(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(row.option.substring(row.option.indexOf('.') + 1));
  }

  @ParameterizedTest
  @MethodSource("presets")
  void defaultIsTheCodes(Row row) throws ReflectiveOperationException {
    String type = row.option.substring(0, row.option.indexOf('.'));
    String name = row.option.substring(row.option.indexOf('.') + 1);
    for (Map.Entry<Class<? extends Record>, Record> options : DEFAULTS.entrySet()) {
      for (RecordComponent component : options.getKey().getRecordComponents()) {
        if (options.getKey().getSimpleName().equals(type) && component.getName().equals(name)) {
          same(row, component.getAccessor().invoke(options.getValue()));
          return;
        }
      }
    }
    throw new AssertionError("no option " + row.option);
  }

  private static void same(Row row, Object found) {
    if (found instanceof Duration duration) {
      assertThat(duration).isEqualTo(nanos(parse(row.preset)));
    } else if (row.preset.equals("unlimited")) {
      assertThat(((Number) found).doubleValue()).isGreaterThanOrEqualTo(Integer.MAX_VALUE);
    } else if (found instanceof Number number) {
      assertThat(number.doubleValue()).isEqualTo(parse(row.preset).doubleValue());
    } else {
      assertThat(found).hasToString(row.preset);
    }
  }

  private static Duration nanos(Number nanos) {
    return Duration.ofNanos(nanos.longValue());
  }

  private static Number below(Number value) {
    return value instanceof Double d ? d - 0.01 : (Number) (value.longValue() - 1);
  }

  private static Number above(Number value) {
    return value instanceof Double d ? d + 0.01 : (Number) (value.longValue() + 1);
  }

  private static Number parse(String text) {
    if (text.equals("unlimited")) {
      return Long.MAX_VALUE;
    }
    String[] parts = text.split(" ");
    long number = (long) Double.parseDouble(parts[0]);
    if (parts.length == 1) {
      return parts[0].contains(".") ? (Number) Double.parseDouble(parts[0]) : (Number) number;
    }
    return switch (parts[1]) {
      case "KiB" -> number << 10;
      case "MiB" -> number << 20;
      case "GiB" -> number << 30;
      case "ms" -> Duration.ofMillis(number).toNanos();
      case "s" -> Duration.ofSeconds(number).toNanos();
      case "min" -> Duration.ofMinutes(number).toNanos();
      case "days" -> Duration.ofDays(number).toNanos();
      default -> throw new AssertionError("no unit: " + text);
    };
  }
}
