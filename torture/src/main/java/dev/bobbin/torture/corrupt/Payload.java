package dev.bobbin.torture.corrupt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Payloads that say which job they are, and of which every byte can be checked. */
final class Payload {
  /** Names that begin with it are of large jobs. */
  static final String LARGE = "large";

  /** Those of the jobs that there are: bytes that say another name are made up. */
  private static final Map<String, byte[]> KNOWN = new ConcurrentHashMap<>();

  private Payload() {}

  /**
   * The payload of the job {@code name}: as many bytes, and as random, as its name decides. Not to
   * be written to.
   */
  static byte[] of(String name) {
    return KNOWN.computeIfAbsent(name, Payload::make);
  }

  private static byte[] make(String name) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    boolean large = name.startsWith(LARGE) || random.nextInt(4) == 0;
    byte[] head = (name + "|").getBytes(StandardCharsets.US_ASCII);
    byte[] payload = new byte[head.length + (large ? 3500 : 0) + random.nextInt(300)];
    random.nextBytes(payload);
    System.arraycopy(head, 0, payload, 0, head.length);
    return payload;
  }

  /** The job that this is the payload of, or null if it is none. */
  static @Nullable String name(byte[] payload) {
    int end = 0;
    while (end < payload.length && payload[end] != '|') {
      end++;
    }
    String name = new String(payload, 0, end, StandardCharsets.ISO_8859_1);
    byte[] known = KNOWN.get(name);
    return Arrays.equals(payload, known == null ? make(name) : known) ? name : null;
  }
}
