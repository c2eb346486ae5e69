package dev.bobbin.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;

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
