package dev.bobbin.cli.run;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}, {@code 1d} and {@code 0}. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  DurationConverter() {}

  @Override
  public Duration convert(String text) {
    Matcher form = FORM.matcher(text.equals("0") ? "0s" : text);
    if (!form.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a number with a unit, such as 500ms, 2s, 5m, 1h or 1d");
    }
    Duration unit = UNITS.getOrDefault(form.group(2), ChronoUnit.SECONDS).getDuration();
    Duration duration = unit.multipliedBy(Long.parseLong(form.group(1)));
    if (duration.compareTo(LONGEST) > 0) {
      throw new TypeConversionException("must be from 0 to 3650d, found " + text);
    }
    return duration;
  }
}
