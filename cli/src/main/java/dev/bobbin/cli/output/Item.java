package dev.bobbin.cli.output;

import java.util.List;
import java.util.Map;

/** One thing that a command found: a line of a table, or an object of JSON. */
public interface Item {
  /** A cell for each column. */
  List<String> cells();

  /**
   * The members of the object in their order. Names are lower camel case, stable, and end in the
   * unit.
   */
  Map<String, Object> json();
}
