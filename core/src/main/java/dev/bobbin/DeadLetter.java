package dev.bobbin;

import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A job that was set aside.
 *
 * @param id the job's id
 * @param attempts deliveries that failed, the last included
 * @param submittedAt when it was first submitted, to the second
 * @param diedAt when it was set aside
 * @param reason the last error, or the reason it was rejected with; at most 1,024 bytes of UTF-8
 * @param headers the headers it was submitted with, in their order; not to be changed
 * @param payload its bytes, a copy
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a view for people and tools; nobody compares two of them
public record DeadLetter(
    JobId id,
    int attempts,
    Instant submittedAt,
    Instant diedAt,
    String reason,
    Map<String, String> headers,
    byte[] payload) {
  /** UUIDs, hexadecimal numbers and decimal digits: what differs between two deaths of one kind. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}|0[xX]\\p{XDigit}+|[0-9]+");

  /**
   * The kind of error, by which {@link DeadLetters#groups()} groups: the first line of the reason
   * with every number in it replaced by {@code #}.
   */
  public String error() {
    int line = 0;
    while (line < reason.length() && reason.charAt(line) != '\n' && reason.charAt(line) != '\r') {
      line++;
    }
    return NUMBER.matcher(reason.substring(0, line)).replaceAll("#");
  }
}
