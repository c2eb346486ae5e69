package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
  private static final byte NEWLINE = '\n';

  private static List<String> read(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    for (byte[] line; (line = reader.next()) != null; ) {
      lines.add(new String(line, StandardCharsets.ISO_8859_1));
    }
    return lines;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void skipsEmptyLinesAndCountsThem() throws IOException {
    LineReader reader = new LineReader(bytes("\n\na\n\nb"), NEWLINE, 10);
    assertThat(reader.next()).containsExactly('a');
    assertThat(reader.lineNumber()).isEqualTo(3);
    assertThat(reader.next()).containsExactly('b');
    assertThat(reader.lineNumber()).isEqualTo(5);
    assertThat(reader.next()).isNull();
    assertThat(reader.next()).isNull();
  }

  @Test
  void keepsEveryByteButTheDelimiter() throws IOException {
    assertThat(read(new LineReader(bytes("a\r\0\u00ff\n \n"), NEWLINE, 10)))
        .containsExactly("a\r\0\u00ff", " ");
    assertThat(read(new LineReader(bytes("a\nb\0c\0"), (byte) 0, 10))).containsExactly("a\nb", "c");
  }

  @Test
  void longestLineIsTakenAndOneByteMoreIsRefused() throws IOException {
    String longest = "x".repeat(100_000);
    assertThat(read(new LineReader(bytes("a\n" + longest), NEWLINE, 100_000)))
        .containsExactly("a", longest);
    for (String end : List.of("", "\n", "\nmore")) {
      LineReader reader = new LineReader(bytes("a\n" + longest + "y" + end), NEWLINE, 100_000);
      assertThat(reader.next()).containsExactly('a');
      assertThatThrownBy(reader::next)
          .isInstanceOf(LineReader.LineTooLongException.class)
          .hasMessageContaining("line 2 ")
          .hasMessageContaining("100000 bytes");
    }
  }

  /** A stream that never ends its line must not be read into memory. */
  @Test
  void endlessLineIsRefusedSoon() {
    long[] given = {0};
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            given[0]++;
            return 'x';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) 'x');
            given[0] += length;
            return length;
          }
        };
    assertThatThrownBy(() -> new LineReader(endless, NEWLINE, 1000).next())
        .isInstanceOf(LineReader.LineTooLongException.class);
    assertThat(given[0]).isLessThan(1 << 20);
  }

  /** Lines of all lengths in pieces of all sizes, against splitting the whole text. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void piecesDoNotMatter(long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append(Integer.toString(i).repeat(random.nextInt(random.nextInt(8) == 0 ? 20_000 : 20)));
      text.append('\n');
    }
    InputStream whole = bytes(text.toString());
    InputStream pieces =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return whole.read();
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return whole.read(target, offset, Math.min(length, 1 + random.nextInt(5000)));
          }
        };
    assertThat(read(new LineReader(pieces, NEWLINE, 200_000)))
        .containsExactlyElementsOf(text.toString().lines().filter(l -> !l.isEmpty()).toList());
  }
}
