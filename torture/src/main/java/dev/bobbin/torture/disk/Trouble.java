package dev.bobbin.torture.disk;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Throwables in one line. */
final class Trouble {
  private static final int LONGEST = 700;

  private Trouble() {}

  static String describe(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    String line = text.toString().replaceAll("\\s*\\R\\s*", " | ");
    return line.substring(0, Math.min(LONGEST, line.length()));
  }
}
