package dev.bobbin.kafka;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code kafka://host:port,host:port?name=value&name=value}. The whole of it is never in an
 * error: it may hold a password.
 */
final class KafkaUri {
  private static final String SCHEME = "kafka://";
  private static final String FORM = "kafka://host:port?prefix=bobbin, several hosts with commas";
  private static final Pattern SERVER =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);

  private KafkaUri() {}

  static KafkaOptions parse(String uri) {
    if (!uri.startsWith(SCHEME)) {
      throw new IllegalArgumentException("expected " + FORM + "; it does not begin with " + SCHEME);
    }
    String rest = uri.substring(SCHEME.length());
    int mark = rest.indexOf('?');
    String servers = mark < 0 ? rest : rest.substring(0, mark);
    for (String server : servers.split(",", -1)) {
      checkServer(server);
    }
    KafkaOptions options = KafkaOptions.of(servers);
    Set<String> names = new HashSet<>();
    for (String pair : mark < 0 ? new String[0] : rest.substring(mark + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 1) {
        throw new IllegalArgumentException(
            "a parameter behind the ? of a Kafka address must be name=value, found "
                + (name.isEmpty() ? "none" : name));
      }
      if (!names.add(name)) {
        throw new IllegalArgumentException(name + " is there twice in a Kafka address");
      }
      options = with(options, name, decoded(name, pair.substring(equals + 1)));
    }
    return options;
  }

  private static void checkServer(String server) {
    if (server.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "a Kafka address has no user and no password before an @: give them as settings of the"
              + " clients, security.protocol, sasl.mechanism and sasl.jaas.config");
    }
    Matcher form = SERVER.matcher(server);
    if (!form.matches() || Integer.parseInt(form.group(1)) > 65_535) {
      throw new IllegalArgumentException(
          "expected " + FORM + "; found '" + server + "' in the place of host:port");
    }
  }

  private static String decoded(String name, String value) {
    try {
      // Of what a form would encode, a plus is none here.
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + " has a % in its value that no two hexadecimal digits follow; write %25");
    }
  }

  private static KafkaOptions with(KafkaOptions options, String name, String value) {
    return switch (name) {
      case "prefix" -> options.withPrefix(value);
      case "partitions" -> options.withPartitions(number(name, value));
      case "replicas" -> options.withReplicas(number(name, value));
      case "lock" -> options.withLock(duration(name, value));
      case "prefetch" -> options.withPrefetch(number(name, value));
      case "timeout" -> options.withTimeout(duration(name, value));
      case KafkaOptions.SERVERS ->
          throw new IllegalArgumentException(
              name + " is what stands between kafka:// and the ?, and no parameter");
      default -> {
        if (name.indexOf('.') < 0) {
          throw new IllegalArgumentException(
              "a Kafka address has no parameter "
                  + name
                  + ": expected prefix, partitions, replicas, lock, prefetch, timeout, or a setting"
                  + " of the Kafka clients, which has a dot in its name");
        }
        yield options.withClient(name, value);
      }
    };
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " of a Kafka address must be a number, found '" + value + "'");
    }
  }

  private static Duration duration(String name, String value) {
    Matcher form = DURATION.matcher(value);
    ChronoUnit unit = form.matches() ? UNITS.get(form.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          name
              + " of a Kafka address must be a number with a unit, such as 500ms, 60s, 5m or 1h,"
              + " found '"
              + value
              + "'");
    }
    return Duration.of(Long.parseLong(form.group(1)), unit);
  }
}
