package dev.bobbin.codec.jackson;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;

/**
 * What people read about a payload that could not be written or read: one short line.
 *
 * <p>Jackson's own words quote the payload. What is said of a job that cannot be read is stored as
 * its dead letter's reason, and the payload may have been encrypted; so it is made of types, names
 * of properties and positions only.
 */
final class Words {
  private static final int MAX_CHARS = 400;
  private static final int MAX_PATH_CHARS = 100;

  private Words() {}

  static String name(JavaType type) {
    return type.toCanonical();
  }

  static String unreadable(String type, JacksonException e) {
    return line("Jackson cannot read a " + type + path(e, " at ") + ": " + e.getOriginalMessage());
  }

  static String unwritable(String type, JacksonException e) {
    return line("Jackson cannot write a " + type + path(e, " at ") + ": " + e.getOriginalMessage());
  }

  static String undecodable(String type, int length, JacksonException e) {
    if (length == 0) {
      return "not a " + type + ": no bytes";
    }
    String found = e instanceof StreamReadException ? stream(e) : binding(e);
    return line("not a " + type + found + path(e, " at ") + position(e));
  }

  private static String stream(JacksonException e) {
    if (e instanceof InputCoercionException number) {
      return expected(number.getTargetType());
    }
    return e instanceof StreamConstraintsException ? ": " + e.getOriginalMessage() : ": no JSON";
  }

  private static String binding(JacksonException e) {
    if (e instanceof PropertyBindingException) {
      return ": unknown property";
    }
    if (e instanceof InvalidTypeIdException) {
      return ": unknown or missing name of a subtype";
    }
    if (e instanceof MismatchedInputException mismatch) {
      return e.getPath().isEmpty()
          ? ": not one JSON value of its shape"
          : expected(mismatch.getTargetType());
    }
    if (e instanceof InvalidDefinitionException definition) {
      JavaType unknown = definition.getType();
      return ": Jackson cannot read a " + (unknown == null ? "part of it" : name(unknown));
    }
    // The payload's own constructor, setter or deserializer.
    Throwable thrown = e.getCause();
    return thrown == null ? ": " + e.getClass().getName() : ": " + thrown;
  }

  private static String expected(@Nullable Class<?> type) {
    return type == null ? "" : ": expected " + type.getTypeName();
  }

  /** The way to the property, as in {@code items[2].amount}; keys of maps are the payload's. */
  private static String path(JacksonException e, String before) {
    StringBuilder path = new StringBuilder();
    for (Reference step : e.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else if (isMap(step.from())) {
        path.append("[*]");
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    if (path.length() > MAX_PATH_CHARS) {
      path.replace(MAX_PATH_CHARS, path.length(), "...");
    }
    return path.isEmpty() ? "" : before + path;
  }

  private static boolean isMap(@Nullable Object from) {
    return from instanceof Map
        || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
  }

  private static String position(JacksonException e) {
    return e.getLocation() == null || e.getLocation().getByteOffset() < 0
        ? ""
        : " (byte " + e.getLocation().getByteOffset() + ")";
  }

  private static String line(String text) {
    String oneLine = text.replaceAll("\\p{Cntrl}+", " ");
    return oneLine.length() <= MAX_CHARS ? oneLine : oneLine.substring(0, MAX_CHARS) + "...";
  }
}
