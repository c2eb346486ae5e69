package dev.bobbin.cli.doctor;

import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one check has found.
 *
 * @param check what was looked at
 * @param level how bad it is
 * @param found what is there
 * @param advice what to do; empty if nothing
 * @param figures further members of the JSON object, with their units in their names
 */
record Finding(String check, Level level, String found, String advice, Map<String, Object> figures)
    implements Item {
  static final List<Column> COLUMNS =
      List.of(Column.text("level"), Column.text("check"), Column.text("found"));

  static Finding ok(String check, String found) {
    return new Finding(check, Level.OK, found, "", Map.of());
  }

  static Finding warn(String check, String found, String advice) {
    return new Finding(check, Level.WARN, found, advice, Map.of());
  }

  static Finding fail(String check, String found, String advice) {
    return new Finding(check, Level.FAIL, found, advice, Map.of());
  }

  /** The same with one more figure. */
  Finding with(String name, Object figure) {
    Map<String, Object> more = new LinkedHashMap<>(figures);
    more.put(name, figure);
    return new Finding(check, level, found, advice, more);
  }

  @Override
  public List<String> cells() {
    return List.of(level.name().toLowerCase(Locale.ROOT), check, found);
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("check", check);
    json.put("level", level.name().toLowerCase(Locale.ROOT));
    json.put("found", found);
    json.put("advice", advice.isEmpty() ? null : advice);
    json.putAll(figures);
    return json;
  }
}
