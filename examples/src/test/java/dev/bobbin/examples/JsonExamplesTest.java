package dev.bobbin.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.codec.jackson.Json;
import dev.bobbin.examples.JsonExamples.Email;
import dev.bobbin.examples.JsonExamples.Event;
import dev.bobbin.examples.JsonExamples.Letter;
import dev.bobbin.examples.JsonExamples.Paid;
import dev.bobbin.examples.PointCodec.Point;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/operating/codecs.md says of its examples. */
@Timeout(30)
class JsonExamplesTest {
  private static <T> T decode(Codec<T> codec, String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return codec.decode(bytes, 0, bytes.length);
  }

  @Test
  void genericPayloadsKeepTheirTypes() throws Exception {
    Map<String, List<Email>> digest = Map.of("monday", List.of(new Email("a", "b")));
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    try (Bobbin bobbin = Bobbin.inMemory()) {
      JobQueue<Map<String, List<Email>>> queue = JsonExamples.generic(bobbin);
      queue.work(1, seen::add);
      queue.submit(digest);
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(digest);
    }
  }

  @Test
  void classesChangeAsTheTableSays() {
    Codec<Letter> codec = Json.of(Letter.class);
    assertThat(decode(codec, "{\"to\":\"a\",\"subject\":\"b\",\"gone\":1}"))
        .isEqualTo(new Letter("a", "b", 1));
    assertThatThrownBy(() -> decode(codec, "{\"subject\":\"b\"}"))
        .hasMessageContaining("expected java.lang.String at to");
  }

  @Test
  void subtypesGoByTheirNames() {
    Codec<Event> codec = Json.of(Event.class);
    assertThat(decode(codec, "{\"event\":\"paid\",\"cents\":5}")).isEqualTo(new Paid(5));
  }

  @Test
  void pointsOfBothVersionsAreRead() {
    PointCodec codec = new PointCodec();
    assertThat(codec.decode(codec.encode(new Point(1, 2, 3)), 0, 13)).isEqualTo(new Point(1, 2, 3));
    assertThat(codec.decode(new byte[] {9, 1, 0, 0, 0, 1, 0, 0, 0, 2}, 1, 9))
        .isEqualTo(new Point(1, 2, 0));
    assertThatThrownBy(() -> codec.decode(new byte[] {3}, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 3");
  }
}
