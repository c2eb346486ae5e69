package dev.bobbin.cli.output;

/**
 * A column of a table.
 *
 * @param title its name
 * @param number whether its cells are numbers, which end at the same place
 */
public record Column(String title, boolean number) {
  /** A column of words. */
  public static Column text(String title) {
    return new Column(title, false);
  }

  /** A column of numbers. */
  public static Column number(String title) {
    return new Column(title, true);
  }
}
