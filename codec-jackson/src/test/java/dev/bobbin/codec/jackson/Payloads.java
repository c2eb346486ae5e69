package dev.bobbin.codec.jackson;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What people put into queues. */
final class Payloads {
  private Payloads() {}

  record Email(String to, String subject) {}

  /** A later version of {@link Email}: one property more of each kind. */
  record LaterEmail(
      String to, String subject, int attempts, boolean urgent, String replyTo, Urgency urgency) {}

  record RenamedEmail(@JsonAlias("to") String address, String subject) {}

  record DemandingEmail(@JsonProperty(required = true) String to, String subject) {
    DemandingEmail {
      if (subject != null && subject.isEmpty()) {
        throw new IllegalStateException("the subject is empty");
      }
    }
  }

  enum Urgency {
    LOW,
    HIGH;

    @Override
    public String toString() {
      return "for people: " + name();
    }
  }

  record Everything(
      String text,
      long number,
      double fraction,
      boolean flag,
      BigDecimal amount,
      BigInteger big,
      byte[] bytes,
      UUID id,
      Urgency urgency,
      Map<Urgency, List<Integer>> byUrgency,
      Optional<String> present,
      Optional<String> absent,
      Instant at,
      LocalDate day,
      OffsetDateTime offset,
      ZonedDateTime zoned,
      ZonedDateTime utc,
      Duration duration) {
    static Everything sample() {
      return new Everything(
          "gr\u00fc\u00dfe \ud83e\uddf5 \"quoted\"\n",
          Long.MIN_VALUE,
          0.1,
          true,
          new BigDecimal("1.10"),
          BigInteger.TEN.pow(40),
          new byte[] {0, -1, 7},
          new UUID(1, 2),
          Urgency.HIGH,
          Map.of(Urgency.LOW, List.of(1, 2)),
          Optional.of("here"),
          Optional.empty(),
          Instant.parse("2026-11-22T10:15:30.123456789Z"),
          LocalDate.of(2026, 2, 28),
          OffsetDateTime.parse("2026-11-22T10:15:30+05:30"),
          ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, ZoneId.of("Europe/Paris")),
          ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, ZoneId.of("UTC")),
          Duration.ofMillis(90_061_001));
    }
  }

  /** A class without annotations, known by its constructor's parameters alone. */
  static final class Point {
    private final int x;
    private final int y;

    public Point(int x, int y) {
      this.x = x;
      this.y = y;
    }

    public int getX() {
      return x;
    }

    public int getY() {
      return y;
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Paid.class, name = "paid"),
    @JsonSubTypes.Type(value = Sent.class, name = "sent")
  })
  sealed interface Event {}

  record Paid(long cents) implements Event {}

  record Sent(String to) implements Event {}

  record Order(List<Item> items, Map<String, Item> byName) {}

  record Item(int amount) {}

  record Node(Node next) {}

  record Holder(Object value) {}

  record Counts(String text, Map<String, Integer> counts) {}

  record BigNumber(BigInteger number) {}

  record Nothing() {}

  /** Jackson sees none of its fields. */
  static final class Hidden {
    private final String secret = "s";

    int length() {
      return secret.length();
    }
  }

  static final class Throwing {
    public String getName() {
      throw new IllegalStateException("no name today");
    }
  }

  /** No name in JSON says which one. */
  interface Shape {}

  /** Needs a {@link Payloads} around it. */
  final class Inner {
    public String text = "";
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface ByClassName {}

  record ClassNamed(int number) implements ByClassName {}

  record HoldsClassNamed(ByClassName value) {}

  record PropertyByClassName(
      @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS) List<Shape> values) {}

  record ValueByClassName(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Shape value) {}

  record HoldsClass(Class<?> type) {}

  record HoldsClasses(List<Class<?>> types) {}

  record HoldsClassKeys(Map<Class<?>, String> types) {}
}
