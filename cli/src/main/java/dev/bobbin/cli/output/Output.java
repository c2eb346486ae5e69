package dev.bobbin.cli.output;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code -o}: in which form a command prints what it found. A mixin. */
public final class Output {
  /** The forms of output. */
  public enum Format {
    TABLE,
    JSON,
    NDJSON;

    /** As users write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
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
    Printer printer = printer();
    switch (format) {
      case TABLE ->
          Table.of(columns, items.stream().map(Item::cells).toList()).forEach(printer::line);
      case JSON -> printer.line(Json.indented(items.stream().map(Item::json).toList()));
      case NDJSON -> items.forEach(item -> printer.line(Json.line(item.json())));
    }
    printer.flush();
  }

  /** Prints one document, whatever JSON was asked for. */
  public void document(Object json) {
    Printer printer = printer();
    printer.line(format == Format.NDJSON ? Json.line(json) : Json.indented(json));
    printer.flush();
  }

  /** For what has no form. */
  public Printer printer() {
    return new Printer(spec);
  }

  /** Says something beside the data. */
  public void say(String text) {
    printer().say(text);
  }
}
