package dev.bobbin.cli.verify;

import static dev.bobbin.cli.output.Sizes.bytes;
import static dev.bobbin.cli.output.Sizes.count;

import dev.bobbin.QueueVerification;
import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found in a queue, as {@code verify} prints it. */
record VerifiedQueue(QueueVerification found) implements Item {
  static final List<Column> COLUMNS =
      List.of(
          Column.text("queue"),
          Column.text("is"),
          Column.number("segments"),
          Column.number("blocks"),
          Column.number("ready"),
          Column.number("delayed"),
          Column.number("dead"),
          Column.number("live"),
          Column.number("not needed"),
          Column.number("torn"));

  @Override
  public List<String> cells() {
    int damages = found.damages().size();
    return List.of(
        found.queue(),
        damages == 0 ? "healthy" : "damaged in " + count(damages) + " places",
        count(found.segments()),
        count(found.blocks()),
        count(found.ready()),
        count(found.delayed()),
        count(found.dead()),
        bytes(found.liveBytes()),
        bytes(found.deadBytes()),
        bytes(found.tornBytes()));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queue", found.queue());
    json.put("healthy", found.isHealthy());
    json.put("cleanlyClosed", found.cleanlyClosed());
    json.put("segments", found.segments());
    json.put("spareSegments", found.spareSegments());
    json.put("blocks", found.blocks());
    json.put("ready", found.ready());
    json.put("delayed", found.delayed());
    json.put("dead", found.dead());
    json.put("liveBytes", found.liveBytes());
    json.put("deadBytes", found.deadBytes());
    json.put("tornBytes", found.tornBytes());
    json.put("ringWhole", found.ring().whole());
    json.put("ringJobs", found.ring().jobs());
    json.put("ringFinishedRanges", found.ring().finishedRanges());
    json.put("ringInHandRanges", found.ring().inHandRanges());
    json.put("damages", Damages.json(found.damages()));
    return json;
  }
}
