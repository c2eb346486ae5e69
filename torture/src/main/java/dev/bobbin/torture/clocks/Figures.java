package dev.bobbin.torture.clocks;

import dev.bobbin.JobId;
import dev.bobbin.torture.Report;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for what must not be in a status: a length of time or a count below zero. The numbers of a
 * job's id are none of these.
 */
final class Figures {
  private Figures() {}

  static void check(Object value, Report report) {
    if ((value instanceof Duration time && time.isNegative())
        || (value instanceof Long count && count < 0)
        || (value instanceof Integer number && number < 0)) {
      report.fault("a status says " + value);
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(inner -> check(inner, report));
    } else if (value instanceof Collection<?> all) {
      all.forEach(inner -> check(inner, report));
    } else if (value instanceof Map<?, ?> map) {
      check(map.values(), report);
    } else if (value instanceof Record && !(value instanceof JobId)) {
      for (RecordComponent part : value.getClass().getRecordComponents()) {
        int before = report.faults().size();
        try {
          check(part.getAccessor().invoke(value), report);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("cannot read " + part, e);
        }
        if (report.faults().size() > before) {
          report.fault("... in " + part.getName() + " of " + value);
        }
      }
    }
  }
}
