package dev.bobbin.cli.output;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON that a terminal survives: what {@link Plain} would replace is escaped, so that the
 * value stays what it is. Thread-safe.
 */
public final class Json {
  private static final JSON COMPACT =
      JSON.builder(new JsonFactoryBuilder().characterEscapes(new Harmless()).build())
          .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
          .build();
  private static final JSON INDENTED = COMPACT.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

  private Json() {}

  /** On one line. */
  public static String line(Object value) {
    return write(COMPACT, value);
  }

  /** Indented, for people. */
  public static String indented(Object value) {
    return write(INDENTED, value);
  }

  private static String write(JSON json, Object value) {
    try {
      return json.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write as JSON: " + value.getClass(), e);
    }
  }

  private static final class Harmless extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes[0x7F] = ESCAPE_CUSTOM;
      return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return switch (Character.getType(character)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            new SerializedString(String.format(Locale.ROOT, "\\u%04x", character));
        default -> null;
      };
    }
  }
}
