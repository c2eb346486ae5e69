package dev.bobbin.torture.fuzz;

import dev.bobbin.torture.corrupt.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the fuzzer begins with: parts of real files, in the form that each target takes. */
final class Seeds {
  /** An input needs no more to reach everything, and larger ones are slower. */
  static final int MAX_BYTES = 4096;

  private static final int HEADER = 40;

  private final Sample sample;

  Seeds(Path scratch) throws IOException {
    this.sample = Sample.make(scratch);
  }

  List<byte[]> frames() {
    return sample.frames();
  }

  List<byte[]> blocks() {
    List<byte[]> seeds = new ArrayList<>();
    sample.blocks().forEach(block -> seeds.add(joined(new byte[1], block)));
    seeds.add(chain(0));
    return seeds;
  }

  List<byte[]> segments() {
    return List.of(joined(new byte[3], sample.segmentHeader(), chain(0)));
  }

  List<byte[]> directories() {
    byte[] one = joined(new byte[1], sample.segmentHeader(), chain(0));
    return List.of(joined(Arrays.copyOf(one, MAX_BYTES / 2), one));
  }

  /** The first blocks, one behind the other, as many as fit half an input. */
  private byte[] chain(int from) {
    byte[] chain = new byte[0];
    for (byte[] block : sample.blocks().subList(from, sample.blocks().size())) {
      byte[] more = joined(chain, new byte[1], block);
      if (more.length > MAX_BYTES / 2) {
        break;
      }
      chain = more;
    }
    return chain;
  }

  List<byte[]> rings() {
    byte[] head = new byte[32 + 64 + 64];
    List<byte[]> seeds = new ArrayList<>();
    byte[] ring = head;
    for (byte[] frame : sample.frames()) {
      if (ring.length + frame.length <= MAX_BYTES) {
        ring = joined(ring, Arrays.copyOf(frame, (frame.length + 7) & -8));
      }
    }
    seeds.add(ring);
    return seeds;
  }

  List<byte[]> identities() {
    return List.of(Arrays.copyOf(sample.identity(), HEADER + 8));
  }

  List<byte[]> payloads() {
    return List.of(
        utf8(
            "{\"to\":\"ada@example.org\",\"tries\":3,\"cc\":[\"a\",\"b\"],\"weights\":{\"x\":1.5},"
                + "\"parent\":{\"to\":\"b\",\"tries\":-1,\"cc\":[],\"weights\":{},\"parent\":null}}"),
        utf8("{\"to\":\"\\u00e9\\n\",\"tries\":2147483647,\"cc\":null,\"weights\":null}"),
        utf8("plain text, \u00e4\u20ac\ud83d\ude00"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
