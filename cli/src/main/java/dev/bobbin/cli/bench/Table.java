package dev.bobbin.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** Results as a table that reads well on a terminal and is Markdown too. */
final class Table {
  private Table() {}

  static List<String> of(List<Row> rows, List<Result> results) {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"row", "what", "measured", "at least", "met"});
    for (int i = 0; i < results.size(); i++) {
      Result result = results.get(i);
      cells.add(
          new String[] {
            result.row(),
            rows.get(i).what(),
            result.measured(),
            result.target(),
            result.met() ? "yes" : "NO"
          });
    }
    int[] widths = new int[cells.get(0).length];
    for (String[] line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    List<String> table = new ArrayList<>();
    cells.forEach(line -> table.add(line(line, widths)));
    table.add(1, rule(widths));
    return table;
  }

  private static String line(String[] cells, int[] widths) {
    StringBuilder text = new StringBuilder("|");
    for (int i = 0; i < cells.length; i++) {
      text.append(' ').append(cells[i]).append(" ".repeat(widths[i] - cells[i].length() + 1));
      text.append('|');
    }
    return text.toString();
  }

  private static String rule(int[] widths) {
    StringBuilder text = new StringBuilder("|");
    for (int width : widths) {
      text.append("-".repeat(width + 2)).append('|');
    }
    return text.toString();
  }
}
