package dev.bobbin.cli.dead;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A directory with dead letters. */
final class Graveyard {
  static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  private static final JobOptions HEADER = JobOptions.NONE.header("trace", "a\u001b[1mb");

  private Graveyard() {}

  /** Has a worker reject each payload with its reason, in this order; returns their ids. */
  static List<String> fill(Path dir, String name, List<Map.Entry<byte[], String>> letters)
      throws InterruptedException {
    try (Bobbin bobbin = Bobbin.open(dir)) {
      JobQueue<byte[]> queue = bobbin.queue(name, Codec.bytes(), SMALL);
      CountDownLatch rejected = new CountDownLatch(letters.size());
      Workers workers =
          queue.workBatches(
              WorkOptions.workers(1),
              batch -> {
                for (int i = 0; i < batch.size(); i++) {
                  int number = letters.size() - (int) rejected.getCount();
                  batch.job(i).reject(letters.get(number).getValue());
                  rejected.countDown();
                }
              });
      List<String> ids = new ArrayList<>();
      letters.forEach(letter -> ids.add(queue.submit(letter.getKey(), HEADER).toString()));
      rejected.await();
      workers.close();
      return ids;
    }
  }

  /** The payloads that are dead letters now, in their order. */
  static List<String> dead(Path dir, String name) {
    try (Bobbin bobbin = Bobbin.open(dir);
        JobQueue<byte[]> queue = bobbin.queue(name, Codec.bytes(), SMALL)) {
      List<DeadLetter> letters = queue.deadLetters().list(1000);
      return letters.stream()
          .map(letter -> new String(letter.payload(), StandardCharsets.UTF_8))
          .toList();
    }
  }

  /** How many jobs are to be done now. */
  static long unfinished(Path dir, String name) {
    try (Bobbin bobbin = Bobbin.open(dir);
        JobQueue<byte[]> queue = bobbin.queue(name, Codec.bytes(), SMALL)) {
      return queue.recovery().unfinished();
    }
  }
}
