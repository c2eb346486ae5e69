package dev.bobbin.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bobbin.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class EncryptedCodecTest {
  private static final String SECRET = "ada@example.org";

  private final Codec<String> codec = codec("q", 1, Map.of(1, key(1), 2, key(2)));

  static SecretKey key(int seed) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) seed);
    return new SecretKeySpec(bytes, "AES");
  }

  private static Codec<String> codec(String queue, int id, Map<Integer, SecretKey> keys) {
    return new EncryptedCodec<>(Codec.text(), queue, id, keys);
  }

  private static String decode(Codec<String> codec, byte[] bytes) {
    return codec.decode(bytes, 0, bytes.length);
  }

  private static void assertNotDecoded(Codec<String> codec, byte[] bytes, String words) {
    assertThatThrownBy(() -> decode(codec, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void comesOutAsItWentIn() {
    for (String text : new String[] {"", SECRET, "x".repeat(100_000)}) {
      byte[] bytes = codec.encode(text);
      assertThat(bytes).hasSize(text.length() + 32);
      assertThat(new String(bytes, UTF_8)).doesNotContain(SECRET);
      assertThat(decode(codec, bytes)).isEqualTo(text);
    }
  }

  /** By the picture in the codec, without its code: jobs on disk hang on it. */
  @Test
  void looksAsThePictureSays() throws Exception {
    byte[] bytes = codec.encode(SECRET);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    assertThat(in.getInt()).isEqualTo(1);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, key(1), new GCMParameterSpec(128, Arrays.copyOfRange(bytes, 4, 16)));
    cipher.updateAAD(new byte[] {0, 0, 0, 1, 'q'});
    assertThat(cipher.doFinal(bytes, 16, bytes.length - 16)).asString(UTF_8).isEqualTo(SECRET);
  }

  @Test
  void readsInPlaceAndLeavesTheArrayAsItIs() {
    byte[] bytes = codec.encode(SECRET);
    byte[] frame = new byte[bytes.length + 20];
    System.arraycopy(bytes, 0, frame, 7, bytes.length);
    byte[] before = frame.clone();
    assertThat(codec.decode(frame, 7, bytes.length)).isEqualTo(SECRET);
    assertThat(frame).isEqualTo(before);
  }

  @Test
  void everyJobHasANonceOfItsOwn() {
    Set<ByteBuffer> nonces = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      nonces.add(ByteBuffer.wrap(codec.encode(SECRET), 4, 12));
    }
    assertThat(nonces).hasSize(1000);
  }

  @Test
  void anyChangedBitIsNoticed() {
    byte[] bytes = codec.encode(SECRET);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertNotDecoded(codec, changed, "key ");
    }
  }

  @Test
  void anyMissingByteIsNoticed() {
    byte[] bytes = codec.encode(SECRET);
    for (int length = 0; length < bytes.length; length++) {
      assertNotDecoded(
          codec, Arrays.copyOf(bytes, length), length < 32 ? "expected at least 32" : "key 1");
    }
  }

  @Test
  void jobsOfAnotherQueueAreNotDecoded() {
    Codec<String> other = codec("other", 1, Map.of(1, key(1)));
    assertNotDecoded(other, codec.encode(SECRET), "key 1 does not open it");
  }

  /** The id is covered too: two ids for one key would otherwise be the same. */
  @Test
  void keyIdsAreNotInterchangeable() {
    Codec<String> twice = codec("q", 1, Map.of(1, key(1), 2, key(1)));
    byte[] bytes = twice.encode(SECRET);
    bytes[3] = 2;
    assertNotDecoded(twice, bytes, "key 2 does not open it");
  }

  @Test
  void anotherKeyUnderTheSameIdDoesNotOpenIt() {
    Codec<String> other = codec("q", 1, Map.of(1, key(9)));
    assertNotDecoded(other, codec.encode(SECRET), "key 1 does not open it");
  }

  @Test
  void missingKeyIsNamed() {
    byte[] bytes = codec("q", 7, Map.of(7, key(7))).encode(SECRET);
    assertNotDecoded(codec, bytes, "key 7 is not among the keys given, [1, 2]: add it");
  }

  @Test
  void olderKeysAreStillRead() {
    Codec<String> later = codec("q", 2, Map.of(1, key(1), 2, key(2)));
    assertThat(decode(later, codec.encode(SECRET))).isEqualTo(SECRET);
    assertThat(later.encode(SECRET)[3]).isEqualTo((byte) 2);
  }

  @Test
  void whatTheCodecInsideSaysOfThePayloadStaysOut() {
    Codec<String> shouting =
        new Codec<>() {
          @Override
          public byte[] encode(String payload) {
            return payload.getBytes(UTF_8);
          }

          @Override
          public String decode(byte[] bytes, int offset, int length) {
            throw new IllegalStateException("cannot read " + new String(bytes, UTF_8));
          }
        };
    Codec<String> encrypted = new EncryptedCodec<>(shouting, "q", 1, Map.of(1, key(1)));
    byte[] bytes = encrypted.encode(SECRET);
    assertNotDecoded(encrypted, bytes, "their codec threw java.lang.IllegalStateException");
  }

  @Test
  void unfitKeysAreRefusedWhenTheCodecIsMade() {
    assertThatThrownBy(() -> codec("q", 3, Map.of(1, key(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key 3 is not among the keys given, [1]");
    for (SecretKey unfit :
        new SecretKey[] {
          new SecretKeySpec(new byte[16], "AES"), new SecretKeySpec(new byte[32], "HmacSHA256")
        }) {
      assertThatThrownBy(() -> codec("q", 1, Map.of(1, key(1), 2, unfit)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("key 2 is not a key of 256 bits for AES");
    }
  }

  @Test
  void whatCannotBeEncodedIsRefusedAsBefore() {
    Codec<String> encrypted = codec("q", 1, Map.of(1, key(1)));
    Throwable plain = catchThrowable(() -> Codec.text().encode("\ud800"));
    assertThatThrownBy(() -> encrypted.encode("\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(plain.getMessage());
  }
}
