package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetterPage;
import dev.bobbin.DeadLetters;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bobbin dead list}: a page of dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Lists dead letters, in the order in which they died.", ""})
final class ListCommand implements Callable<Integer> {
  private static final int MAX_LIMIT = 100_000;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Most to list, 1 to 100000; ${DEFAULT-VALUE} by default.")
  private int limit = 50;

  @Option(
      names = "--after",
      paramLabel = "CURSOR",
      description = "Go on where the list before ended; it said with which CURSOR.")
  private long after;

  @Mixin private Output output = new Output();

  /** Made by picocli. */
  ListCommand() {}

  @Override
  public Integer call() throws Exception {
    inRange("--limit", limit, 1, MAX_LIMIT);
    inRange("--after", after, 0, Long.MAX_VALUE);
    return target.open(this::list);
  }

  private int list(String queue, DeadLetters letters) {
    List<LetterItem> items = new ArrayList<>();
    DeadLetterPage page = letters.page(after, limit);
    add(page, queue, items);
    while (page.hasMore() && items.size() < limit) {
      page = letters.page(page.nextCursor(), limit - items.size());
      add(page, queue, items);
    }
    print(items, page.hasMore() ? page.nextCursor() : -1);
    return ExitCode.OK;
  }

  private static void add(DeadLetterPage page, String queue, List<LetterItem> items) {
    for (DeadLetter letter : page.letters()) {
      items.add(new LetterItem(queue, letter));
    }
  }

  private void print(List<LetterItem> items, long next) {
    if (output.format() == Output.Format.JSON) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("letters", items.stream().map(LetterItem::json).toList());
      json.put("nextCursor", next < 0 ? null : next);
      output.document(json);
      return;
    }
    output.print(LetterItem.COLUMNS, items);
    if (next >= 0) {
      output.say("there are more: --after " + next);
    } else if (items.isEmpty()) {
      output.say("no dead letters" + (after == 0 ? "" : " after " + after));
    }
  }

  private void inRange(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), option + " must be from " + min + " to " + max + ", found " + value);
    }
  }
}
