package dev.bobbin.examples;

import dev.bobbin.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts what another codec writes: AES-256-GCM, with a random nonce for each job. Bytes that
 * were changed, or written with another key or for another queue, are not decoded.
 *
 * <pre>
 *   0        4            16                  length - 16   length
 *   | key id | nonce      | ciphertext        | tag         |
 *   | int    | 12 bytes   | as long as        | 16 bytes    |
 *   |        |            | the other codec's |             |
 * </pre>
 *
 * <p>The tag covers the key id, the queue's name and the ciphertext. Thread-safe.
 */
public final class EncryptedCodec<T> implements Codec<T> {
  private static final int NONCE_OFFSET = 4;
  private static final int NONCE_BYTES = 12;
  private static final int CIPHERTEXT_OFFSET = NONCE_OFFSET + NONCE_BYTES;
  private static final int TAG_BYTES = 16;
  private static final int KEY_BYTES = 32;

  private final Codec<T> codec;
  private final byte[] queue;
  private final int writingKeyId;
  private final SecretKey writingKey;
  private final Map<Integer, SecretKey> keys;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param codec what turns payloads into bytes
   * @param queue the queue's name: jobs of another queue are not decoded
   * @param writingKeyId the key to write with
   * @param keys all keys to read with, by their ids; an id stands for the same key for ever
   * @throws IllegalArgumentException if the writing key is not among the keys, or one is not a key
   *     for AES-256
   */
  public EncryptedCodec(
      Codec<T> codec, String queue, int writingKeyId, Map<Integer, SecretKey> keys) {
    this.codec = Objects.requireNonNull(codec, "codec");
    this.queue = queue.getBytes(StandardCharsets.UTF_8);
    this.writingKeyId = writingKeyId;
    this.keys = new TreeMap<>(keys);
    this.keys.forEach(EncryptedCodec::check);
    this.writingKey = key(writingKeyId);
  }

  private static void check(int id, SecretKey key) {
    // A key that stays in its device shows no bytes; the device says no if it does not fit.
    byte[] bytes = key.getEncoded();
    if (!key.getAlgorithm().equals("AES") || (bytes != null && bytes.length != KEY_BYTES)) {
      throw new IllegalArgumentException("key " + id + " is not a key of 256 bits for AES");
    }
  }

  @Override
  public byte[] encode(T payload) {
    byte[] plain = codec.encode(payload);
    byte[] bytes = new byte[CIPHERTEXT_OFFSET + plain.length + TAG_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    ByteBuffer.wrap(bytes).putInt(writingKeyId).put(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, writingKey, bytes, 0);
      cipher.doFinal(plain, 0, plain.length, bytes, CIPHERTEXT_OFFSET);
      return bytes;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt with key " + writingKeyId, e);
    }
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    byte[] plain = decrypt(bytes, offset, length);
    try {
      return codec.decode(plain, 0, plain.length);
    } catch (RuntimeException e) {
      // What it says becomes the dead letter's reason, which is not encrypted: it stays out.
      throw new IllegalArgumentException(
          "the bytes were decrypted, but their codec threw " + e.getClass().getName(), e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private byte[] decrypt(byte[] bytes, int offset, int length) {
    if (length < CIPHERTEXT_OFFSET + TAG_BYTES) {
      throw new IllegalArgumentException(
          "expected at least " + (CIPHERTEXT_OFFSET + TAG_BYTES) + " bytes, found " + length);
    }
    int id = ByteBuffer.wrap(bytes).getInt(offset);
    try {
      return cipher(Cipher.DECRYPT_MODE, key(id), bytes, offset)
          .doFinal(bytes, offset + CIPHERTEXT_OFFSET, length - CIPHERTEXT_OFFSET);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException(
          "key "
              + id
              + " does not open it: the bytes were changed, or written with another key or"
              + " for another queue",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot decrypt with key " + id, e);
    }
  }

  private SecretKey key(int id) {
    SecretKey key = keys.get(id);
    if (key == null) {
      throw new IllegalArgumentException(
          "key " + id + " is not among the keys given, " + keys.keySet() + ": add it");
    }
    return key;
  }

  /** Ready for the ciphertext of the job whose key id and nonce stand at {@code offset}. */
  private Cipher cipher(int mode, SecretKey key, byte[] bytes, int offset)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, key, new GCMParameterSpec(TAG_BYTES * 8, bytes, offset + NONCE_OFFSET, NONCE_BYTES));
    cipher.updateAAD(bytes, offset, NONCE_OFFSET);
    cipher.updateAAD(queue);
    return cipher;
  }
}
