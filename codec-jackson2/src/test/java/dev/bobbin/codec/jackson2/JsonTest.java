package dev.bobbin.codec.jackson2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jackson 2 without Jackson 3 beside it. The module for Jackson 3 tests both in depth. */
@Timeout(30)
class JsonTest {
  record Reminder(String to, Instant at, Optional<String> note) {}

  private static final Reminder REMINDER =
      new Reminder("ada@example.org", Instant.parse("2026-11-22T10:15:30Z"), Optional.empty());

  @Test
  void jobsAreReadAfterAReopen(@TempDir Path directory) throws Exception {
    BlockingQueue<Reminder> seen = new LinkedBlockingQueue<>();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      bobbin.queue("q", Json.of(Reminder.class)).submit(REMINDER);
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<Reminder> queue = bobbin.queue("q", Json.of(Reminder.class));
      queue.work(1, seen::add);
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(REMINDER);
    }
  }

  /** Mappers of Jackson 2 can be changed at any time. */
  @Test
  void laterChangesOfTheMapperDoNotReachTheCodec() {
    JsonMapper mapper = Json.mapper().build();
    Codec<List<Object>> codec = Json.of(new TypeReference<List<Object>>() {}, mapper);
    mapper.activateDefaultTyping(
        BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build());
    assertThat(codec.encode(List.of(Instant.EPOCH))).asString().doesNotContain("Instant");
  }
}
