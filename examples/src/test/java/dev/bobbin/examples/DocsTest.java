package dev.bobbin.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java in the documentation is code that compiles. */
class DocsTest {
  private static final Path DOCS = Path.of("..", "docs", "operating");
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(strings = {"codecs.md", "encryption.md"})
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
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> java = files.filter(f -> f.toString().endsWith(".java")).toList();
      List<String> sources = new java.util.ArrayList<>();
      for (Path file : java) {
        sources.add(withoutIndent(Files.readString(file)));
      }
      return sources;
    }
  }

  private static String withoutIndent(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
