package dev.bobbin.cli.output;

import java.util.ArrayList;
import java.util.List;

/** A table that reads well on a terminal and is Markdown too. */
public final class Table {
  private Table() {}

  /** The lines of the table; each of {@code rows} has a cell for each column. */
  public static List<String> of(List<Column> columns, List<List<String>> rows) {
    List<String> titles = columns.stream().map(Column::title).toList();
    List<List<String>> cells = new ArrayList<>();
    cells.add(titles);
    rows.forEach(row -> cells.add(row.stream().map(Table::cell).toList()));
    int[] widths = new int[columns.size()];
    for (List<String> line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    List<String> table = new ArrayList<>();
    cells.forEach(line -> table.add(line(columns, line, widths)));
    table.add(1, rule(columns, widths));
    return table;
  }

  /** A bar would end the cell. */
  private static String cell(String text) {
    return Plain.line(text).replace("|", "\\|");
  }

  private static String line(List<Column> columns, List<String> cells, int[] widths) {
    StringBuilder text = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(cells.get(i)));
      boolean number = columns.get(i).number();
      text.append(' ').append(number ? padding : "").append(cells.get(i));
      text.append(number ? "" : padding).append(" |");
    }
    return text.toString();
  }

  private static String rule(List<Column> columns, int[] widths) {
    StringBuilder text = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      boolean number = columns.get(i).number();
      text.append("-".repeat(widths[i] + (number ? 1 : 2))).append(number ? ":|" : "|");
    }
    return text.toString();
  }

  /** How many places a terminal gives to {@code text}, nearly always. */
  private static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  private static int width(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> wide(character) ? 2 : 1;
    };
  }

  private static boolean wide(int character) {
    return switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
      // Full-width forms, and the planes of pictures.
      default ->
          (character >= 0xFF01 && character <= 0xFF60)
              || (character >= 0x1F300 && character <= 0x1FAFF);
    };
  }
}
