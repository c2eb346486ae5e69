package dev.bobbin.cli.verify;

import static dev.bobbin.cli.output.Sizes.bytes;
import static dev.bobbin.cli.output.Sizes.count;

import dev.bobbin.QueueRepair;
import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was done to a queue, as {@code repair} prints it. */
record RepairedQueue(QueueRepair done, @Nullable String copies) implements Item {
  static final List<Column> COLUMNS =
      List.of(
          Column.text("queue"),
          Column.text("outcome"),
          Column.number("damages"),
          Column.number("ready"),
          Column.number("delayed"),
          Column.number("dead"),
          Column.number("lost"),
          Column.number("lost ack blocks"));

  @Override
  public List<String> cells() {
    return List.of(
        done.queue(),
        words(),
        count(done.damages().size()),
        count(done.ready()),
        count(done.delayed()),
        count(done.dead()),
        bytes(done.lostBytes()),
        count(done.lostAckBlocks()));
  }

  private String words() {
    return switch (done.outcome()) {
      case HEALTHY -> "healthy: left alone";
      case REPAIRED -> "repaired";
      case REPAIRABLE -> "can be repaired";
      case BEYOND_REPAIR -> "beyond repair";
    };
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queue", done.queue());
    json.put("outcome", done.outcome().name());
    json.put("note", done.note());
    json.put("ready", done.ready());
    json.put("delayed", done.delayed());
    json.put("dead", done.dead());
    json.put("lostAckBlocks", done.lostAckBlocks());
    json.put("lostBytes", done.lostBytes());
    json.put("lost", Damages.jsonOfLost(done.lost()));
    json.put("damages", Damages.json(done.damages()));
    json.put("copies", copies);
    return json;
  }
}
