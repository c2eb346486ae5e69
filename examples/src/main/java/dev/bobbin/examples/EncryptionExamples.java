package dev.bobbin.examples;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.codec.jackson.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.SecretKey;

/** docs/operating/encryption.md: a queue of encrypted jobs, and keys from a key store. */
final class EncryptionExamples {
  private EncryptionExamples() {}

  record Email(String to, String subject) {}

  static JobQueue<Email> queue(Bobbin bobbin, Map<Integer, SecretKey> keys) {
    Codec<Email> encrypted = new EncryptedCodec<>(Json.of(Email.class), "emails", 2, keys);
    JobQueue<Email> emails = bobbin.queue("emails", encrypted);
    return emails;
  }

  static Map<Integer, SecretKey> keys(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(file.toFile(), password);
    Map<Integer, SecretKey> keys = new HashMap<>();
    for (String alias : Collections.list(store.aliases())) {
      keys.put(Integer.valueOf(alias), (SecretKey) store.getKey(alias, password));
    }
    return keys;
  }
}
