package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetter;
import dev.bobbin.cli.output.Plain;
import dev.bobbin.cli.output.Sizes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A dead letter as a person wants to read it. */
final class LetterText {
  private static final int BYTES_PER_LINE = 16;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private LetterText() {}

  static List<String> of(String queue, DeadLetter letter) {
    Optional<String> text = Plain.text(letter.payload());
    List<String> lines = new ArrayList<>();
    lines.add("id         " + letter.id());
    lines.add("queue      " + Plain.line(queue));
    lines.add("submitted  " + letter.submittedAt());
    lines.add("died       " + letter.diedAt());
    lines.add("attempts   " + letter.attempts());
    // A stack trace has lines of its own.
    lines.add("reason     " + Plain.lines(letter.reason()).replace("\n", "\n           "));
    letter
        .headers()
        .forEach(
            (key, value) -> lines.add("header     " + Plain.line(key) + ": " + Plain.line(value)));
    lines.add(
        "payload    "
            + Sizes.count(letter.payload().length)
            + (letter.payload().length == 1 ? " byte" : " bytes")
            + (text.isPresent() ? "" : ", not text"));
    lines.add("");
    text.map(Plain::lines).ifPresentOrElse(lines::add, () -> dump(letter.payload(), lines));
    return lines;
  }

  /** As hexdump -C does: where, the bytes, and those that are letters. */
  private static void dump(byte[] bytes, List<String> lines) {
    for (int at = 0; at < bytes.length; at += BYTES_PER_LINE) {
      int end = Math.min(at + BYTES_PER_LINE, bytes.length);
      StringBuilder letters = new StringBuilder();
      for (int i = at; i < end; i++) {
        letters.append(bytes[i] >= ' ' && bytes[i] < 0x7F ? (char) bytes[i] : '.');
      }
      lines.add(
          String.format(
              Locale.ROOT, "%08x  %-47s  |%s|", at, HEX.formatHex(bytes, at, end), letters));
    }
  }
}
