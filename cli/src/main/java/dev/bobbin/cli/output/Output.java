package dev.bobbin.cli.output;

import dev.bobbin.BobbinException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code -o}, and standard output. A mixin of the commands that find something. */
public final class Output {
  /** The forms of output. */
  public enum Format {
    TABLE,
    JSON,
    NDJSON
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (by default), json: one document, or ndjson: an object on each line.")
  private Format format = Format.TABLE;

  /** Made by picocli. */
  public Output() {}

  /** What was asked for. */
  public Format format() {
    return format;
  }

  /** Prints {@code items} in the form that was asked for. */
  public void print(List<Column> columns, List<? extends Item> items) {
    switch (format) {
      case TABLE -> Table.of(columns, items.stream().map(Item::cells).toList()).forEach(this::line);
      case JSON -> line(Json.indented(items.stream().map(Item::json).toList()));
      case NDJSON -> items.forEach(item -> line(Json.line(item.json())));
    }
    flush();
  }

  /** Prints one line of data. */
  public void line(String text) {
    out().println(text);
  }

  /** Says something beside the data. */
  public void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("bobbin: " + Plain.line(text));
    err.flush();
  }

  /**
   * Passes everything on.
   *
   * @throws BobbinException if standard output does not take it
   */
  public void flush() {
    if (out().checkError()) {
      throw new BobbinException(
          "standard output did not take all of it: its reader has ended, or the disk is full");
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
