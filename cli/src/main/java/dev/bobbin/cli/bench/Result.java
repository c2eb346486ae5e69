package dev.bobbin.cli.bench;

import dev.bobbin.cli.output.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a row has measured.
 *
 * @param row the row's name
 * @param jobsPerSecond handled jobs
 * @param measured what the target is about, in words
 * @param target what is asked for, in words
 * @param met whether it is
 * @param details further members of the JSON object
 */
record Result(
    String row,
    Spread jobsPerSecond,
    String measured,
    String target,
    boolean met,
    Map<String, Object> details) {

  static final List<Column> COLUMNS =
      Stream.of("row", "what", "measured", "at least", "met").map(Column::text).toList();

  List<String> cells(String what) {
    return List.of(row, what, measured, target, met ? "yes" : "NO");
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("row", row);
    json.put("jobsPerSecond", jobsPerSecond.json());
    json.putAll(details);
    json.put("target", target);
    json.put("met", met);
    return json;
  }
}
