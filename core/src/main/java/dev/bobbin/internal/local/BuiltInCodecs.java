package dev.bobbin.internal.local;

import dev.bobbin.Codec;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The codecs that need no library. */
public final class BuiltInCodecs {
  public static final Codec<byte[]> BYTES =
      new Codec<>() {
        @Override
        public byte[] encode(byte[] payload) {
          return payload;
        }

        @Override
        public byte[] decode(byte[] bytes, int offset, int length) {
          return Arrays.copyOfRange(bytes, offset, offset + length);
        }
      };

  public static final Codec<String> TEXT =
      new Codec<>() {
        @Override
        public byte[] encode(String payload) {
          try {
            ByteBuffer encoded =
                StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(payload));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
          } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                "text with a lone surrogate cannot be written as UTF-8", e);
          }
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
          try {
            return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, offset, length))
                .toString();
          } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the payload is not UTF-8", e);
          }
        }
      };

  private BuiltInCodecs() {}
}
