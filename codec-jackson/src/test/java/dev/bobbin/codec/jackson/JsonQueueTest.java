package dev.bobbin.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.codec.jackson.Payloads.Email;
import dev.bobbin.codec.jackson.Payloads.Everything;
import dev.bobbin.codec.jackson.Payloads.Hidden;
import dev.bobbin.codec.jackson.Payloads.Holder;
import dev.bobbin.codec.jackson.Payloads.LaterEmail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** JSON through real queues. */
@Timeout(30)
@ParameterizedClass
@EnumSource(Face.class)
class JsonQueueTest {
  @Parameter Face face;

  @TempDir Path directory;

  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

  private Object next() throws InterruptedException {
    return seen.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void jobsGoThroughMemory() throws Exception {
    try (Bobbin bobbin = Bobbin.inMemory()) {
      JobQueue<Email> queue = bobbin.queue("q", face.of(Email.class));
      queue.work(2, seen::add);
      queue.submit(new Email("a", "b"));
      queue.submit(new Email("c", "d"), Duration.ofMillis(1));
      assertThat(List.of(next(), next()))
          .containsExactlyInAnyOrder(new Email("a", "b"), new Email("c", "d"));
    }
  }

  @Test
  void jobsAreReadAfterAReopen() throws Exception {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Everything> queue = bobbin.queue("q", face.of(Everything.class));
      queue.submit(Everything.sample());
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Everything> queue = bobbin.queue("q", face.of(Everything.class));
      queue.work(1, seen::add);
      assertThat(next()).usingRecursiveComparison().isEqualTo(Everything.sample());
    }
  }

  /** A deployment with jobs of the version before, and then a way back. */
  @Test
  void jobsOfOtherVersionsOfTheClassAreReadAfterAReopen() throws Exception {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      bobbin.queue("q", face.of(Email.class)).submit(new Email("a", "b"));
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<LaterEmail> queue = bobbin.queue("q", face.of(LaterEmail.class));
      queue.work(1, seen::add);
      assertThat(next()).isEqualTo(new LaterEmail("a", "b", 0, false, null, null));
      assertThat(queue.deadLetters().count()).isZero();
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      bobbin
          .queue("q", face.of(LaterEmail.class))
          .submit(new LaterEmail("a", "b", 1, true, "c", null));
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Email> queue = bobbin.queue("q", face.of(Email.class));
      queue.work(1, seen::add);
      assertThat(next()).isEqualTo(new Email("a", "b"));
      assertThat(queue.deadLetters().count()).isZero();
    }
  }

  @Test
  void payloadThatCannotBeWrittenIsRefusedAtSubmit() {
    try (Bobbin bobbin = Bobbin.inMemory()) {
      JobQueue<Holder> queue = bobbin.queue("q", face.of(Holder.class));
      assertThatThrownBy(() -> queue.submit(new Holder(new Hidden())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Holder at value");
      assertThat(queue.status().unfinished()).isZero();
    }
  }

  @Test
  void jobThatIsNoJsonIsADeadLetterWithAShortReason() throws Exception {
    String secret = "{\"to\":\"ada@example.org\",\"subject\":{\"secret\":1}}";
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes());
      queue.submit(secret.getBytes(UTF_8));
      queue.submit(face.of(Email.class).encode(new Email("a", "b")));
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Email> queue = bobbin.queue("q", face.of(Email.class));
      queue.work(1, seen::add);
      assertThat(next()).isEqualTo(new Email("a", "b"));
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      List<DeadLetter> dead = bobbin.queue("q", face.of(Email.class)).deadLetters().list(10);
      assertThat(dead).hasSize(1);
      assertThat(dead.get(0).reason())
          .isEqualTo(
              "cannot be decoded: java.lang.IllegalArgumentException: not a"
                  + " dev.bobbin.codec.jackson.Payloads$Email: expected java.lang.String at"
                  + " subject (byte 34)");
      assertThat(dead.get(0).payload()).isEqualTo(secret.getBytes(UTF_8));
    }
  }
}
