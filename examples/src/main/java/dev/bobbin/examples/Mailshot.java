package dev.bobbin.examples;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobHandler;
import dev.bobbin.JobQueue;
import dev.bobbin.kafka.KafkaBobbin;
import dev.bobbin.kafka.KafkaOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** docs/outgrowing.md: one program, on a directory or on Kafka. */
final class Mailshot {
  private Mailshot() {}

  static Bobbin open(String where) {
    return where.startsWith("kafka://")
        ? KafkaBobbin.connect(KafkaOptions.parse(where))
        : Bobbin.open(Path.of(where));
  }

  /** Submits the addresses, works until nothing is left to do, and returns whether that came. */
  static boolean send(String where, Stream<String> addresses, JobHandler<String> mailer) {
    try (Bobbin bobbin = open(where)) {
      JobQueue<String> mails = bobbin.queue("mails", Codec.text());
      mails.work(4, mailer);
      addresses.forEach(mails::submit);
      mails.sync(); // from here on they survive this machine
      return mails.awaitIdle(Duration.ofMinutes(5));
    }
  }

  /** {@code Mailshot data < addresses}, or {@code Mailshot kafka://broker:9092 < addresses}. */
  public static void main(String[] args) {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    send(args[0], in.lines(), address -> System.out.println("to " + address));
  }
}
