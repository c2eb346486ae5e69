package dev.bobbin.cli.stats;

import static dev.bobbin.cli.output.Sizes.bytes;
import static dev.bobbin.cli.output.Sizes.count;

import dev.bobbin.BobbinException;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueStatus;
import dev.bobbin.RecoveryReport;
import dev.bobbin.StoredQueue;
import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a queue said about itself, as this command prints it. The one place that knows both the
 * members of the queue's status and the names in the output. Nobody works on the queue, so the jobs
 * that recovery found are those that there are. For the same reason the verdict is that of the
 * queue's files alone: that nobody works on it is no news.
 *
 * @param json all of it
 * @param cells the most important part
 */
record QueueStats(Map<String, Object> json, List<String> cells) implements Item {
  /** Nobody works; the status counts a job as in flight while it is being loaded. */
  private static final long IN_FLIGHT = 0;

  static final List<Column> COLUMNS =
      List.of(
          Column.text("queue"),
          Column.text("verdict"),
          Column.number("ready"),
          Column.number("in flight"),
          Column.number("delayed"),
          Column.number("dead"),
          Column.number("ring"),
          Column.number("journal"),
          Column.number("live"),
          Column.text("last recovery"));

  static QueueStats of(StoredQueue stored, JobQueue<byte[]> queue) {
    QueueStatus status = queue.status();
    RecoveryReport recovery = queue.recovery();
    String verdict = status.failure().map(cause -> "failed: " + cause).orElse("");
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queue", status.queue());
    json.put("verdict", verdict.isEmpty() ? null : verdict);
    json.put("error", null);
    json.put("ready", recovery.ready());
    json.put("inFlight", IN_FLIGHT);
    json.put("delayed", recovery.delayed());
    json.put("unfinished", recovery.unfinished());
    json.put("dead", recovery.dead());
    json.put("ringBytes", stored.ringBytes());
    json.put("ringUsedBytes", status.limits().ringBytes());
    json.put("segmentBytes", stored.segmentBytes());
    json.put("journalBytes", status.journal().bytes());
    json.put("journalLiveBytes", status.journal().liveBytes());
    json.put("oldestSegment", status.journal().oldest().map(QueueStats::json).orElse(null));
    json.put("notDurableBytes", status.durability().notDurableBytes());
    json.put("maxPayloadBytes", stored.maxPayloadBytes());
    json.put("recovery", json(recovery));
    return new QueueStats(
        json,
        List.of(
            status.queue(),
            verdict,
            count(recovery.ready()),
            count(IN_FLIGHT),
            count(recovery.delayed()),
            count(recovery.dead()),
            bytes(stored.ringBytes()),
            bytes(status.journal().bytes()),
            bytes(status.journal().liveBytes()),
            words(recovery)));
  }

  /** A queue that could not be opened; why is said beside the table. */
  static QueueStats unreadable(String name, BobbinException error) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queue", name);
    json.put("verdict", null);
    json.put("error", error.getMessage());
    return new QueueStats(json, List.of(name, "cannot be opened", "", "", "", "", "", "", "", ""));
  }

  private static Map<String, Object> json(QueueStatus.Pin pin) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("keptBy", pin.by().name());
    json.put("job", pin.job().toString());
    json.put("since", pin.since().toString());
    return json;
  }

  private static Map<String, Object> json(RecoveryReport recovery) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("cleanlyClosed", recovery.cleanlyClosed());
    json.put("ready", recovery.ready());
    json.put("delayed", recovery.delayed());
    json.put("dead", recovery.dead());
    json.put("suspects", recovery.suspects());
    json.put("fromRing", recovery.fromRing());
    json.put("tornBytes", recovery.tornBytes());
    json.put("tookMillis", recovery.took().toMillis());
    return json;
  }

  private static String words(RecoveryReport recovery) {
    String how =
        recovery.cleanlyClosed()
            ? "was closed"
            : "was not closed: "
                + count(recovery.fromRing())
                + " jobs from the ring, "
                + count(recovery.tornBytes())
                + " bytes torn";
    return how + "; took " + count(recovery.took().toMillis()) + " ms";
  }
}
