package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.BobbinException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters of brokers that say nothing any more. */
@Timeout(60)
class LetterReaderTest {
  private static final TopicPartition WHERE = new TopicPartition("letters", 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final List<Long> seen = new ArrayList<>();
  private LetterReader reader;

  @BeforeEach
  void open() {
    consumer.updateBeginningOffsets(Map.of(WHERE, 0L));
    reader = new LetterReader(consumer, WHERE, Duration.ofMillis(200));
    consumer.updateEndOffsets(Map.of(WHERE, 3L));
    letter(0);
    letter(1);
  }

  private void letter(long offset) {
    consumer.addRecord(
        new ConsumerRecord<>(WHERE.topic(), 0, offset, new byte[16], new byte[] {(byte) offset}));
  }

  private void read() {
    reader.readOn(record -> seen.add(record.offset()));
  }

  @Test
  void readingOnEndsWithAReason() {
    assertThatThrownBy(this::read)
        .isInstanceOf(BobbinException.class)
        .hasMessage(
            "no dead letter came from topic letters within PT0.2S: expected those at offsets 2 to 2."
                + " Are its brokers up?");
    assertThat(seen).containsExactly(0L, 1L);
  }

  @Test
  void whatHasComeIsNotReadTwice() {
    assertThatThrownBy(this::read).isInstanceOf(BobbinException.class);
    letter(2);
    read();
    assertThat(seen).containsExactly(0L, 1L, 2L);
  }

  @Test
  void readingAgainEndsWithAReasonAndLosesNothing() {
    assertThatThrownBy(() -> reader.records(List.of(0L, 2L)))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("expected those at offsets 2 to 2");
    letter(0);
    letter(1);
    letter(2);
    read();
    assertThat(seen).containsExactly(0L, 1L, 2L);
  }
}
