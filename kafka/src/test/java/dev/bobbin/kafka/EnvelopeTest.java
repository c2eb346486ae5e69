package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final int FIXED_BYTES = 28;
  private static final Envelope NEW = Envelope.of(new JobId(1, 2), Priority.NORMAL, 3);

  /** Code points of one to four bytes in UTF-8. */
  private static final String LETTERS = "aé€𝄞";

  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void whatIsWrittenIsReadBack() {
    for (int i = 0; i < 5_000; i++) {
      Envelope envelope = any();
      assertThat(Envelope.parse(envelope.bytes())).as("seed %d", seed).isEqualTo(envelope);
    }
  }

  @Test
  void largestValuesAreReadBack() {
    Envelope envelope =
        new Envelope(
            new JobId(Long.MIN_VALUE, Long.MAX_VALUE),
            0xFFFF,
            Priority.LOW,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            "k".repeat(255),
            Long.MAX_VALUE,
            "r".repeat(1024));
    assertThat(Envelope.parse(envelope.bytes())).isEqualTo(envelope);
  }

  @Test
  void takesUpOnlyWhatTheJobHas() {
    assertThat(NEW.bytes()).hasSize(FIXED_BYTES);
    assertThat(NEW.expiring(5).bytes()).hasSize(FIXED_BYTES + 8);
    assertThat(NEW.again(2, 5).bytes()).hasSize(FIXED_BYTES + 8);
    assertThat(NEW.keyed("é").bytes()).hasSize(FIXED_BYTES + 3);
    assertThat(NEW.dead(3, 5, "why").bytes()).hasSize(FIXED_BYTES + 10 + 3);
  }

  @Test
  void truncatedOneIsRefusedWithItsLength() {
    for (int i = 0; i < 200; i++) {
      byte[] whole = any().bytes();
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> Envelope.parse(cut))
            .as("seed %d, %d of %d bytes", seed, length, whole.length)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("ends after " + length + " bytes");
      }
    }
  }

  @Test
  void otherVersionsAreRefusedByNumber() {
    byte[] bytes = NEW.bytes();
    for (int version = Byte.MIN_VALUE; version <= Byte.MAX_VALUE; version++) {
      if (version != 1) {
        bytes[0] = (byte) version;
        assertThatThrownBy(() -> Envelope.parse(bytes))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("of version " + bytes[0] + ", expected 1");
      }
    }
  }

  @Test
  void arbitraryBytesAreReadOrRefusedButNeverAnythingElse() {
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = 1;
      }
      try {
        Envelope.parse(bytes);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageContaining("header bobbin");
      }
    }
  }

  @Test
  void headerWithoutAValueIsRefused() {
    assertThatThrownBy(() -> Envelope.parse(null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header bobbin has no value");
  }

  @Test
  void reasonOfADeadLetterIsCutBetweenLetters() {
    Envelope dead = NEW.dead(3, 5, "x" + "€".repeat(1_000));
    assertThat(dead.reason()).isEqualTo("x" + "€".repeat(341));
    assertThat(Envelope.parse(dead.bytes())).isEqualTo(dead);
  }

  @Test
  void revivedJobBeginsAnewAndKeepsItsId() {
    Envelope revived = NEW.keyed("key").expiring(9).dead(3, 5, "why").revived();
    assertThat(revived).isEqualTo(NEW.keyed("key"));
  }

  private Envelope any() {
    boolean dead = random.nextBoolean();
    return new Envelope(
        new JobId(random.nextLong(), random.nextLong()),
        random.nextInt(1 << 16),
        Priority.values()[random.nextInt(4)],
        random.nextLong(),
        random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(),
        random.nextBoolean() ? 0 : random.nextLong(),
        random.nextBoolean() ? null : text(255),
        dead ? 1 + random.nextInt(Integer.MAX_VALUE) : 0,
        dead ? text(1024) : "");
  }

  /** Of 1 to {@code most} bytes. */
  private String text(int most) {
    int bytes = 1 + random.nextInt(most);
    StringBuilder text = new StringBuilder();
    while (true) {
      int letter = LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, random.nextInt(4)));
      String longer = text + Character.toString(letter);
      if (longer.getBytes(StandardCharsets.UTF_8).length > bytes) {
        return text.isEmpty() ? "a" : text.toString();
      }
      text = new StringBuilder(longer);
    }
  }
}
