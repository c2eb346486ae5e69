package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What jobs carry, read from a heap array and from memory alike. */
class ExtrasTest {
  private static final long SEED = 77;
  private static final long NOW = 1_000;
  private static final byte[] PAYLOAD = {1, 2, 3};
  private static final JobId ID = new JobId(0x0102030405060708L, 0x1112131415161718L);

  private final FrameWriter writer = new FrameWriter();

  /** Every kind of entry, alone and with the others. */
  static List<Carried> all() {
    List<Carried> all = new ArrayList<>();
    for (Duration lifetime : new Duration[] {null, Duration.ofSeconds(5)}) {
      for (String key : new String[] {null, "k", "ä".repeat(127) + "k"}) {
        for (Map<String, String> headers :
            List.of(Map.<String, String>of(), Map.of("h", ""), Map.of("h", "v".repeat(300)))) {
          for (JobId identity : new JobId[] {null, ID}) {
            all.add(new Carried(lifetime, key, headers, identity));
          }
        }
      }
    }
    return all;
  }

  record Carried(Duration lifetime, String key, Map<String, String> headers, JobId identity) {
    long expiry() {
      return lifetime == null ? Long.MAX_VALUE : NOW + lifetime.toMillis();
    }

    byte[] section() {
      JobOptions options = JobOptions.NONE;
      if (key != null) {
        options = options.keyed(key);
      }
      for (Map.Entry<String, String> header : headers.entrySet()) {
        options = options.header(header.getKey(), header.getValue());
      }
      return Extras.of(options, expiry(), identity);
    }
  }

  private byte[] frame(byte[] section) {
    writer.ready(PAYLOAD, section, NOW);
    return writer.sealed(64, SEED);
  }

  /** The same frame at an offset that is not 0. */
  private static ByteBuffer memory(byte[] frame) {
    ByteBuffer memory = ByteBuffer.allocateDirect(frame.length + 64).order(ByteOrder.LITTLE_ENDIAN);
    memory.put(64, frame);
    return memory;
  }

  private static byte[] moved(byte[] frame) {
    byte[] moved = new byte[frame.length + 64];
    System.arraycopy(frame, 0, moved, 64, frame.length);
    return moved;
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatWasPutInComesOut(Carried carried) {
    byte[] frame = frame(carried.section());
    byte[] bytes = moved(frame);
    ByteBuffer memory = memory(frame);
    assertThat(Frame.isValid(bytes, 64, bytes.length, 64, SEED)).isTrue();
    assertThat(Extras.expiryMillis(bytes, 64)).isEqualTo(carried.expiry());
    assertThat(Extras.expiryMillis(memory, 64)).isEqualTo(carried.expiry());
    assertThat(Extras.key(bytes, 64)).isEqualTo(carried.key());
    assertThat(Extras.hasKey(bytes, 64)).isEqualTo(carried.key() != null);
    assertThat(Extras.hasKey(memory, 64)).isEqualTo(carried.key() != null);
    assertThat(Extras.headers(bytes, 64)).isEqualTo(carried.headers());
    assertThat(Extras.identity(memory, 64)).isEqualTo(carried.identity());
    assertThat(Frame.payloadLength(bytes, 64)).isEqualTo(PAYLOAD.length);
    assertThat(Frame.payloadOffset(memory, 64)).isEqualTo(Frame.payloadOffset(bytes, 64));
    assertThat(bytes[Frame.payloadOffset(bytes, 64)]).isEqualTo(PAYLOAD[0]);
  }

  @ParameterizedTest
  @MethodSource("all")
  void revivedJobHasAllButItsExpiry(Carried carried) {
    byte[] source = frame(carried.section());
    writer.revived(source, 0, NOW);
    byte[] again = writer.sealed(512, SEED);
    assertThat(Frame.isValid(again, 0, again.length, 512, SEED)).isTrue();
    assertThat(Extras.expiryMillis(again, 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(Extras.key(again, 0)).isEqualTo(carried.key());
    assertThat(Extras.headers(again, 0)).isEqualTo(carried.headers());
    assertThat(Extras.identity(memory(again), 64)).isEqualTo(carried.identity());
    assertThat(Frame.payloadLength(again, 0)).isEqualTo(PAYLOAD.length);
    assertThat(again[Frame.payloadOffset(again, 0) + 2]).isEqualTo(PAYLOAD[2]);
  }

  @Test
  void headersComeInTheirOrder() {
    JobOptions options = JobOptions.NONE.header("z", "1").header("a", "2").header("m", "");
    byte[] frame = frame(Extras.of(options, NOW));
    assertThat(Extras.headers(frame, 0))
        .containsExactly(Map.entry("z", "1"), Map.entry("a", "2"), Map.entry("m", ""));
  }

  /** Cut anywhere, or told to be longer: somebody knows the seed. */
  @ParameterizedTest
  @MethodSource("all")
  void sectionThatEndsElsewhereIsNotValid(Carried carried) {
    byte[] section = carried.section();
    for (int length = 0; length < section.length; length++) {
      assertThat(Extras.isValid(section, 0, length)).as("%d bytes", length).isFalse();
    }
    if (section.length > 0) {
      assertThat(Extras.isValid(section, 0, section.length)).isTrue();
      for (int change : new int[] {-2, -1, 1, 2, 0x7000}) {
        byte[] forged = section.clone();
        ByteBuffer.wrap(forged)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort(0, (short) (section.length - 2 + change));
        assertThat(Extras.isValid(forged, 0, forged.length)).as("%+d", change).isFalse();
      }
    }
  }

  @Test
  void entriesOutOfOrderOrUnknownAreNotValid() {
    byte[] expiry = {9, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] key = {3, 0, 2, 1, 'k'};
    assertThat(Extras.isValid(expiry, 0, expiry.length)).isTrue();
    assertThat(Extras.isValid(key, 0, key.length)).isTrue();
    assertThat(Extras.isValid(new byte[] {2, 0, 2, 0}, 0, 4)).as("an empty key").isTrue();
    assertThat(Extras.isValid(new byte[] {4, 0, 2, 0, 2, 0}, 0, 6)).as("two keys").isFalse();
    assertThat(Extras.isValid(new byte[] {2, 0, 0, 0}, 0, 4)).as("kind 0").isFalse();
    assertThat(Extras.isValid(new byte[] {2, 0, 5, 0}, 0, 4)).as("kind 5").isFalse();
    assertThat(Extras.isValid(new byte[] {2, 0, -1, 0}, 0, 4)).as("kind -1").isFalse();
    byte[] backwards = {14, 0, 2, 1, 'k', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assertThat(Extras.isValid(backwards, 0, backwards.length)).isFalse();
  }
}
