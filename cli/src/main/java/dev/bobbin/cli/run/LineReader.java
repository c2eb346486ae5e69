package dev.bobbin.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes at a delimiter, in memory bounded by the longest line. Empty lines are
 * skipped, as xargs does; a last line needs no delimiter. For one thread.
 */
final class LineReader {
  private static final int BLOCK_BYTES = 64 << 10;

  private final InputStream in;
  private final byte delimiter;
  private final int maxBytes;

  /** Bytes that were read and not yet returned lie from {@code start} to {@code end}. */
  private byte[] buffer = new byte[BLOCK_BYTES];

  private int start;
  private int end;
  private boolean ended;
  private long lineNumber;

  LineReader(InputStream in, byte delimiter, int maxBytes) {
    this.in = in;
    this.delimiter = delimiter;
    this.maxBytes = maxBytes;
  }

  /** The number of the line that was returned last, from 1 on; empty ones count too. */
  long lineNumber() {
    return lineNumber;
  }

  /**
   * The next line that is not empty, or null at the end.
   *
   * @throws LineTooLongException if it has more than the bytes allowed
   * @throws IOException if reading fails
   */
  byte @Nullable [] next() throws IOException {
    for (int from = start; ; ) {
      for (int i = from; i < end; i++) {
        if (buffer[i] == delimiter) {
          byte[] line = take(i);
          start = i + 1;
          from = start;
          if (line.length > 0) {
            return line;
          }
        }
      }
      if (end - start > maxBytes) {
        throw new LineTooLongException(lineNumber + 1, maxBytes);
      }
      if (ended) {
        return start == end ? null : takeRest();
      }
      int searched = end - start;
      fill();
      from = start + searched;
    }
  }

  private byte[] takeRest() throws LineTooLongException {
    byte[] line = take(end);
    start = end;
    return line;
  }

  private byte[] take(int to) throws LineTooLongException {
    lineNumber++;
    if (to - start > maxBytes) {
      throw new LineTooLongException(lineNumber, maxBytes);
    }
    return Arrays.copyOfRange(buffer, start, to);
  }

  /** Moves what is left to the front and reads more behind it. */
  private void fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
    if (buffer.length - end < BLOCK_BYTES) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int n = in.read(buffer, end, buffer.length - end);
    if (n < 0) {
      ended = true;
    } else {
      end += n;
    }
  }

  /** A line has more bytes than a job may have. */
  static final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1;

    LineTooLongException(long lineNumber, int maxBytes) {
      super(
          String.format(
              "line %d of the input is longer than a job may be (%d bytes); hand over large data"
                  + " as the name of a file",
              lineNumber, maxBytes));
    }
  }
}
