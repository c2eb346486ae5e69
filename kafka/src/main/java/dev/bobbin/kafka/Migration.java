package dev.bobbin.kafka;

import dev.bobbin.BobbinException;
import dev.bobbin.internal.local.LocalArrival;
import dev.bobbin.internal.local.LocalDeparture;
import dev.bobbin.internal.move.Arrival;
import dev.bobbin.internal.move.Departure;
import dev.bobbin.internal.move.MovedJob;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/**
 * Moves everything unfinished of a queue from a directory to Kafka, or back: ready jobs, delayed
 * ones with their due times, and dead letters, each with its id, attempts, headers and what else it
 * carries.
 *
 * <pre>{@code
 * Migration.toKafka(Path.of("data"), "emails", KafkaOptions.of("broker:9092"), (done, of) -> {});
 * }</pre>
 *
 * <p>Jobs leave where they were when they are safe where they go. So it can be killed at any moment
 * and begun anew: nothing is lost, and what was under way, at most some thousand jobs, may be there
 * twice, with the same ids. A directory must not be held by any process meanwhile. On Kafka other
 * processes may submit, but must not have the queue open.
 */
public final class Migration {
  private Migration() {}

  /** Is told how it gets on. */
  public interface Listener {
    /**
     * So many were moved.
     *
     * @param total how many there are, as far as is known
     */
    void moved(long done, long total);
  }

  /**
   * Moves the queue {@code queue} from {@code directory} to Kafka, where it is created if it is
   * absent; returns how many jobs and dead letters that were.
   *
   * @throws dev.bobbin.DirectoryInUseException if a process holds the directory
   * @throws BobbinException if there is no such queue, or the brokers cannot be reached or do not
   *     accept something; what was not moved is still there
   */
  public static long toKafka(Path directory, String queue, KafkaOptions kafka, Listener listener) {
    try (LocalDeparture from = LocalDeparture.of(directory, queue);
        Arrival to = KafkaArrival.of(kafka, queue, from.maxPayloadBytes())) {
      return move(from, to, listener);
    }
  }

  /**
   * Moves the queue {@code queue} from Kafka to {@code directory}, which is created if it is
   * absent; returns how many jobs and dead letters that were.
   *
   * @throws dev.bobbin.DirectoryInUseException if a process holds the directory
   * @throws BobbinException as {@link #toKafka}, or because another process has the queue open
   */
  public static long toDirectory(
      KafkaOptions kafka, String queue, Path directory, Listener listener) {
    try (Departure from = new KafkaDeparture(kafka, queue);
        Arrival to = LocalArrival.of(directory, queue)) {
      return move(from, to, listener);
    }
  }

  /**
   * The names of the queues that there are on Kafka, in alphabetical order.
   *
   * @throws BobbinException if the brokers cannot be reached
   */
  public static List<String> queueNames(KafkaOptions kafka) {
    try (Admin admin = new Clients(kafka).admin()) {
      Ground ground = new Ground(admin, kafka);
      ground.check();
      return ground.queueNames();
    }
  }

  private static long move(Departure from, Arrival to, Listener listener) {
    long total = from.size();
    long done = 0;
    List<MovedJob> jobs = from.next();
    while (!jobs.isEmpty()) {
      jobs.forEach(to::add);
      // Copy before ack: invariant 3.
      to.sync();
      from.gone();
      done += jobs.size();
      listener.moved(done, Math.max(total, done));
      jobs = from.next();
    }
    return done;
  }
}
