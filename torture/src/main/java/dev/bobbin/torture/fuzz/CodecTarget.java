package dev.bobbin.torture.fuzz;

import dev.bobbin.Codec;
import dev.bobbin.codec.jackson.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Payloads for the codecs: refused, or read and written to something that reads the same. */
public final class CodecTarget {
  private static final Codec<Mail> JSON = Json.of(Mail.class);
  private static final Codec<String> TEXT = Codec.text();

  /** A payload with something of everything. */
  public record Mail(
      String to, int tries, List<String> cc, Map<String, Double> weights, @Nullable Mail parent) {}

  private CodecTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    String text = decoded(TEXT, data);
    if (text != null && !Arrays.equals(TEXT.encode(text), data)) {
      throw new IllegalStateException("text is not written as it was read");
    }
    Mail mail = decoded(JSON, data);
    if (mail != null) {
      byte[] written = JSON.encode(mail);
      Mail again = decoded(JSON, written);
      if (!mail.equals(again)) {
        throw new IllegalStateException(mail + " comes back as " + again);
      }
    }
  }

  private static <T> @Nullable T decoded(Codec<T> codec, byte[] data) {
    try {
      return codec.decode(data, 0, data.length);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
