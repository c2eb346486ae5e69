package dev.bobbin.cli.output;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Text that came from outside, made harmless: a payload or a reason must not move the cursor,
 * colour the terminal, or make a line read otherwise than it is stored.
 */
public final class Plain {
  /**
   * Controls (C0, DEL, C1), format characters (marks and overrides of direction, characters without
   * a width), Unicode's own line ends, and halves of characters.
   */
  private static final String HARM = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]";

  private static final Pattern HARMFUL = Pattern.compile(HARM);
  private static final Pattern HARMFUL_IN_LINES = Pattern.compile("(?!\n|\t|\r(?=\n))" + HARM);

  private static final Pattern CONTROL = Pattern.compile("(?!\n|\t|\r(?=\n))\\p{Cc}");
  private static final String MORE = "...";

  private Plain() {}

  /** {@code text} on one line. */
  public static String line(String text) {
    return HARMFUL.matcher(text).replaceAll("?");
  }

  /** {@code text} on one line, cut to {@code maxChars} characters and dots. */
  public static String line(String text, int maxChars) {
    // What is cut off is not looked at: a payload may have a megabyte.
    if (text.length() <= maxChars) {
      return line(text);
    }
    int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
    return line(text.substring(0, end)) + MORE;
  }

  /** {@code text} with its lines and tabs. */
  public static String lines(String text) {
    return HARMFUL_IN_LINES.matcher(text).replaceAll("?");
  }

  /**
   * The text that {@code bytes} are, if they are UTF-8 without control characters other than tabs
   * and line ends.
   */
  public static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return CONTROL.matcher(text).find() ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
