package dev.bobbin;

import java.nio.file.Path;

/**
 * One place in a file that is not as it was promised.
 *
 * @param file the file
 * @param offset where in the file, in bytes from its beginning
 * @param expected what should be there, in words
 * @param found what is there, in words
 */
public record Damage(Path file, long offset, String expected, String found) {
  /** All of it, on one line. */
  @Override
  public String toString() {
    return file + " at offset " + offset + ": expected " + expected + ", found " + found;
  }
}
