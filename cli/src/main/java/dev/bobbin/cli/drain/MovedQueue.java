package dev.bobbin.cli.drain;

import static dev.bobbin.cli.output.Sizes.count;

import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A queue whose jobs were moved. */
record MovedQueue(String queue, long moved) implements Item {
  static final List<Column> COLUMNS = List.of(Column.text("queue"), Column.number("moved"));

  @Override
  public List<String> cells() {
    return List.of(queue, count(moved));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queue", queue);
    json.put("moved", moved);
    return json;
  }
}
