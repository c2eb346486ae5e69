package dev.bobbin.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java in the documentation is code that compiles. */
class DocsTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final List<Path> SOURCES =
      List.of(Path.of("src"), Path.of("..", "testkit", "src", "test"));
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operating/codecs.md",
        "operating/encryption.md",
        "operating/testing.md",
        "outgrowing.md"
      })
  void javaBlocksAreInTheExamples(String page) throws IOException {
    List<String> sources = sources();
    List<String> blocks =
        JAVA.matcher(Files.readString(DOCS.resolve(page))).results().map(m -> m.group(1)).toList();
    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      assertThat(sources).as(block).anyMatch(source -> source.contains(withoutIndent(block)));
    }
  }

  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path root : SOURCES) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          sources.add(withoutIndent(Files.readString(file)));
        }
      }
    }
    return sources;
  }

  private static String withoutIndent(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
