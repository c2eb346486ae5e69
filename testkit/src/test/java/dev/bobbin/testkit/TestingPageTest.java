package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** docs/operating/testing.md names the tests that there are. */
class TestingPageTest {
  private static final Path PAGE = Path.of("..", "docs", "operating", "testing.md");
  private static final Pattern NAME = Pattern.compile("`([a-z][A-Za-z]+)`");

  private static Set<String> named(String row) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(row).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  private static Set<String> tests(Class<?>... classes) {
    Set<String> names = new TreeSet<>();
    for (Class<?> one : classes) {
      Stream.concat(Arrays.stream(one.getMethods()), Arrays.stream(one.getDeclaredMethods()))
          .filter(
              method ->
                  method.isAnnotationPresent(Test.class)
                      || method.isAnnotationPresent(ParameterizedTest.class))
          .map(Method::getName)
          .forEach(names::add);
    }
    return names;
  }

  /** The rows of the table under the heading that begins with {@code from}, up to the next one. */
  private static String table(String from) throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("| " + from);
    assertThat(begin).as(from).isPositive();
    int end = page.indexOf("\n\n", begin);
    return page.substring(begin, end < 0 ? page.length() : end);
  }

  @Test
  void promisesAreThoseOfTheContract() throws IOException {
    assertThat(named(table("promise |"))).isEqualTo(tests(BobbinContract.class));
  }

  @Test
  void testsOfTheInvariantsAreThere() throws IOException {
    assertThat(
            tests(
                BobbinContract.class,
                DiskDeathTest.class,
                DiskFaultsTest.class,
                TestBobbinTest.class))
        .containsAll(named(table("| invariant |")));
  }
}
