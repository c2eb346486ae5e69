package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetterGroup;
import dev.bobbin.DeadLetters;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Column;
import dev.bobbin.cli.output.Item;
import dev.bobbin.cli.output.Output;
import dev.bobbin.cli.output.Sizes;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bobbin dead groups}: what they died of. */
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Groups dead letters by their error, the most frequent first.", ""},
    description = {
      "",
      "An error is the first line of the reason with '#' for its numbers. 'retry' and 'purge' take "
          + "it with --error.",
      ""
    })
final class GroupsCommand implements Callable<Integer> {
  private static final List<Column> COLUMNS =
      List.of(
          Column.number("letters"),
          Column.text("error"),
          Column.text("first died"),
          Column.text("last died"),
          Column.text("example"));

  @Mixin private Target target = new Target();
  @Mixin private Output output = new Output();

  /** Made by picocli. */
  GroupsCommand() {}

  @Override
  public Integer call() throws Exception {
    return target.open(this::print);
  }

  private int print(String queue, DeadLetters letters) {
    List<Group> groups = letters.groups().stream().map(group -> new Group(queue, group)).toList();
    output.print(COLUMNS, groups);
    if (groups.isEmpty()) {
      output.say("no dead letters");
    }
    return ExitCode.OK;
  }

  private record Group(String queue, DeadLetterGroup group) implements Item {
    @Override
    public List<String> cells() {
      return List.of(
          Sizes.count(group.count()),
          group.others() ? "(all other errors)" : group.error(),
          group.firstDiedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
          group.lastDiedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
          group.example().toString());
    }

    @Override
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("queue", queue);
      json.put("error", group.error());
      json.put("others", group.others());
      json.put("letters", group.count());
      json.put("firstDiedAt", group.firstDiedAt().toString());
      json.put("lastDiedAt", group.lastDiedAt().toString());
      json.put("example", group.example().toString());
      return json;
    }
  }
}
