package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetter;
import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import dev.bobbin.cli.output.Plain;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dead letter in a list, and as JSON.
 *
 * @param queue whose it is
 * @param letter the letter
 */
record LetterItem(String queue, DeadLetter letter) implements Item {
  static final List<Column> COLUMNS =
      List.of(
          Column.text("id"),
          Column.text("died"),
          Column.number("attempts"),
          Column.text("reason"),
          Column.text("payload"));

  private static final int REASON_CHARS = 60;
  private static final int PAYLOAD_CHARS = 40;

  /** Enough bytes for the characters that are shown. */
  private static final int PAYLOAD_BYTES = 4 * (PAYLOAD_CHARS + 1);

  @Override
  public List<String> cells() {
    return List.of(
        letter.id().toString(),
        letter.diedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
        String.valueOf(letter.attempts()),
        Plain.line(letter.reason(), REASON_CHARS),
        beginning(letter.payload()));
  }

  private static String beginning(byte[] payload) {
    int bytes = Math.min(payload.length, PAYLOAD_BYTES);
    return Plain.line(new String(payload, 0, bytes, StandardCharsets.UTF_8), PAYLOAD_CHARS);
  }

  /** Without the payload, of which there may be a megabyte. */
  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queue", queue);
    json.put("id", letter.id().toString());
    json.put("attempts", letter.attempts());
    json.put("submittedAt", letter.submittedAt().toString());
    json.put("diedAt", letter.diedAt().toString());
    json.put("reason", letter.reason());
    json.put("error", letter.error());
    json.put("headers", letter.headers());
    json.put("payloadBytes", letter.payload().length);
    return json;
  }

  /** With the payload: its bytes always, its text where it is text. */
  Map<String, Object> whole() {
    Map<String, Object> json = json();
    json.put("payloadBase64", Base64.getEncoder().encodeToString(letter.payload()));
    json.put("payloadText", Plain.text(letter.payload()).orElse(null));
    return json;
  }
}
