package dev.bobbin.internal.watch;

/** What an error's text has in common with others of its kind. */
final class ErrorText {
  static final int MAX_CHARS = 160;

  /** Shorter runs of hexadecimal digits are taken for words. */
  private static final int MIN_ID_CHARS = 8;

  private ErrorText() {}

  /**
   * The first line, at most {@link #MAX_CHARS} of it, with each number and each id as one {@code
   * #}. An id is a word of hexadecimal digits and dashes with a digit in it. Called for each
   * failure, so it takes one pass and no pattern.
   */
  static String kind(String text) {
    int end = firstLine(text);
    StringBuilder kind = new StringBuilder(end);
    boolean wordBegins = true;
    for (int at = 0; at < end; ) {
      char c = text.charAt(at);
      int next = wordBegins ? endOfId(text, at, end) : at;
      if (next == at && isDigit(c)) {
        next = endOfDigits(text, at, end);
      }
      if (next > at) {
        kind.append('#');
        at = next;
        wordBegins = false;
      } else {
        kind.append(c);
        at++;
        wordBegins = !Character.isLetterOrDigit(c);
      }
    }
    return kind.toString();
  }

  private static int firstLine(String text) {
    int most = Math.min(text.length(), MAX_CHARS);
    int end = 0;
    while (end < most && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    boolean halved =
        end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return halved ? end - 1 : end;
  }

  /** Behind the id that begins at {@code from}, or {@code from} if none does. */
  private static int endOfId(String text, int from, int end) {
    int at = from;
    boolean digits = false;
    while (at < end && (isHexadecimal(text.charAt(at)) || (at > from && text.charAt(at) == '-'))) {
      digits |= isDigit(text.charAt(at));
      at++;
    }
    boolean wordEnds = at == text.length() || !Character.isLetterOrDigit(text.charAt(at));
    return digits && wordEnds && at - from >= MIN_ID_CHARS ? at : from;
  }

  private static int endOfDigits(String text, int from, int end) {
    int at = from;
    while (at < end && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHexadecimal(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
