package dev.bobbin.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.kafka.broker.Broker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/outgrowing.md: the same program does the same on both. */
@Timeout(240)
class MailshotTest {
  private static final String ADA = "ada@example.org";
  private static final String GRACE = "grace@example.org";

  @TempDir Path directory;

  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

  private static String kafka(String prefix) {
    return "kafka://"
        + Broker.shared().servers()
        + "?partitions=1&replicas=1&prefix=mailshot-"
        + prefix;
  }

  @Test
  void sendsOnDirectory() {
    sendsEachOnce(directory.resolve("data").toString());
  }

  @Test
  void sendsOnKafka() {
    sendsEachOnce(kafka("each"));
  }

  private void sendsEachOnce(String where) {
    assertThat(Mailshot.send(where, Stream.of(ADA, GRACE), sent::add)).isTrue();
    assertThat(sent).containsExactlyInAnyOrder(ADA, GRACE);
    assertThat(Mailshot.send(where, Stream.of(), sent::add)).isTrue();
    assertThat(sent).as("none is sent again").hasSize(2);
  }

  @Test
  void sendsOnDirectoryWhatWasLeft() throws Exception {
    sendsWhatWasLeft(directory.resolve("data").toString());
  }

  @Test
  void sendsOnKafkaWhatWasLeft() throws Exception {
    sendsWhatWasLeft(kafka("left"));
  }

  private void sendsWhatWasLeft(String where) throws Exception {
    try (Bobbin bobbin = Mailshot.open(where)) {
      bobbin.queue("mails", Codec.text()).submit(ADA);
    }
    assertThat(Mailshot.send(where, Stream.of(GRACE), sent::add)).isTrue();
    String first = sent.poll(1, TimeUnit.MINUTES);
    String second = sent.poll(1, TimeUnit.MINUTES);
    assertThat(List.of(String.valueOf(first), String.valueOf(second)))
        .containsExactlyInAnyOrder(ADA, GRACE);
  }

  @Test
  void readsAddressesAndSaysWhatItDoes() {
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setIn(new ByteArrayInputStream((ADA + "\n" + GRACE).getBytes(StandardCharsets.UTF_8)));
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Mailshot.main(new String[] {directory.resolve("data").toString()});
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactlyInAnyOrder("to " + ADA, "to " + GRACE);
  }
}
