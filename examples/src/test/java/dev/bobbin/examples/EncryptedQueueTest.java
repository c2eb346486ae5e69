package dev.bobbin.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.examples.EncryptionExamples.Email;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted jobs through real queues. */
@Timeout(30)
class EncryptedQueueTest {
  private static final SecretKey ONE = EncryptedCodecTest.key(1);
  private static final SecretKey TWO = EncryptedCodecTest.key(2);
  private static final Email EMAIL = new Email("ada@example.org", "Hello");

  @TempDir Path directory;

  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

  private Object next() throws InterruptedException {
    return seen.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void fourWorkersReadWhatFourThreadsWrite() throws Exception {
    try (Bobbin bobbin = Bobbin.inMemory()) {
      JobQueue<Email> queue = EncryptionExamples.queue(bobbin, Map.of(2, TWO));
      queue.work(4, seen::add);
      Set<Email> expected = new HashSet<>();
      Thread[] producers = new Thread[4];
      for (int p = 0; p < producers.length; p++) {
        String name = "p" + p + "-";
        for (int i = 0; i < 200; i++) {
          expected.add(new Email(name + i, "s"));
        }
        producers[p] =
            new Thread(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    queue.submit(new Email(name + i, "s"));
                  }
                });
        producers[p].start();
      }
      Set<Object> found = new HashSet<>();
      while (found.size() < expected.size()) {
        Object email = next();
        assertThat(email).as("after %d jobs", found.size()).isNotNull();
        found.add(email);
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void keyIsChangedBetweenTwoRuns() throws Exception {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      bobbin
          .queue("emails", new EncryptedCodec<>(json(), "emails", 1, Map.of(1, ONE)))
          .submit(EMAIL);
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Email> queue = EncryptionExamples.queue(bobbin, Map.of(1, ONE, 2, TWO));
      queue.submit(new Email("grace@example.org", "Hello"));
      queue.work(1, seen::add);
      assertThat(List.of(next(), next())).contains(EMAIL);
      assertThat(queue.deadLetters().count()).isZero();
    }
  }

  private static Codec<Email> json() {
    return dev.bobbin.codec.jackson.Json.of(Email.class);
  }

  @Test
  void noFileHoldsThePayloadInTheClear() throws Exception {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Email> queue = EncryptionExamples.queue(bobbin, Map.of(2, TWO));
      queue.submit(EMAIL);
      queue.sync();
      bobbin.queue("plain", json()).submit(EMAIL);
    }
    assertThat(filesWith("ada@example.org"))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file.toString()).contains("plain"));
  }

  private List<Path> filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(file -> holds(file, text)).toList();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.readString(file, ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void jobWithoutItsKeyIsADeadLetterThatSaysWhichKey() throws Exception {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      EncryptionExamples.queue(bobbin, Map.of(2, TWO)).submit(EMAIL);
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Email> queue =
          bobbin.queue("emails", new EncryptedCodec<>(json(), "emails", 1, Map.of(1, ONE)));
      queue.submit(new Email("grace@example.org", "Hello"));
      queue.work(1, seen::add);
      assertThat(next()).isEqualTo(new Email("grace@example.org", "Hello"));
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      List<DeadLetter> dead =
          EncryptionExamples.queue(bobbin, Map.of(2, TWO)).deadLetters().list(10);
      assertThat(dead).hasSize(1);
      assertThat(dead.get(0).reason())
          .isEqualTo(
              "cannot be decoded: java.lang.IllegalArgumentException:"
                  + " key 2 is not among the keys given, [1]: add it");
      assertThat(dead.get(0).payload()).startsWith(0, 0, 0, 2);
    }
  }

  @Test
  void keysComeFromAKeyStore() throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    KeyStore.ProtectionParameter protection = new KeyStore.PasswordProtection(password);
    store.setEntry("1", new KeyStore.SecretKeyEntry(ONE), protection);
    store.setEntry("2", new KeyStore.SecretKeyEntry(TWO), protection);
    Path file = directory.resolve("keys.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    Map<Integer, SecretKey> keys = EncryptionExamples.keys(file, password);
    assertThat(keys).containsOnlyKeys(1, 2);
    Codec<String> codec = new EncryptedCodec<>(Codec.text(), "q", 2, keys);
    byte[] bytes = codec.encode("a");
    assertThat(new EncryptedCodec<>(Codec.text(), "q", 2, Map.of(2, TWO)).decode(bytes, 0, 33))
        .asString()
        .isEqualTo(new String("a".getBytes(UTF_8), UTF_8));
  }
}
