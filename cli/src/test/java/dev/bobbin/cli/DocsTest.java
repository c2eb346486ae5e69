package dev.bobbin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.QueueOptions;
import dev.bobbin.cli.Cli.Finished;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operating pages list is what there is. */
class DocsTest {
  private static final Path PAGES = Path.of("..", "docs", "operating");

  @TempDir Path scratch;

  private static String page(String name) throws IOException {
    return Files.readString(PAGES.resolve(name));
  }

  @Test
  void everyExitStatusAndCommandIsInTheTable() throws Exception {
    String page = page("exit-codes.md");
    Set<String> listed =
        page.lines()
            .filter(line -> line.matches("\\| \\d .*"))
            .map(line -> line.substring(2, 3))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>();
    for (Field field : ExitCode.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        known.add(String.valueOf(field.getInt(null)));
      }
    }
    assertThat(listed).isEqualTo(known);
    assertThat(Main.commandLine().getSubcommands().keySet())
        .allSatisfy(command -> assertThat(page).contains("| `" + command + "` |"));
  }

  @Test
  void everyMemberOfStatsAndDoctorIsExplained() throws Exception {
    Path dir = scratch.resolve("dir");
    try (Bobbin bobbin = Bobbin.open(dir)) {
      bobbin.queue("q", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));
    }
    Finished stats = Cli.call("stats", dir, "-o", "json");
    Map<String, Object> queue = stats.objects().get(0);
    String statsPage = page("stats.md");
    assertThat(queue.keySet())
        .filteredOn(name -> !name.equals("recovery"))
        .allSatisfy(name -> assertThat(statsPage).contains("`" + name + "`"));
    assertThat(Cli.members(queue.get("recovery")).keySet())
        .allSatisfy(name -> assertThat(statsPage).containsPattern("`(recovery)?\\." + name + "`"));

    String doctorPage = page("doctor.md");
    for (Map<String, Object> finding : Cli.call("doctor", dir, "-o", "json").objects()) {
      assertThat(doctorPage).contains("| `" + finding.remove("check") + "` |");
      assertThat(finding.keySet())
          .allSatisfy(name -> assertThat(doctorPage).contains("`" + name + "`"));
    }
  }
}
