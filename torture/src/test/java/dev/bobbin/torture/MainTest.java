package dev.bobbin.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code torture/run} says of itself. */
class MainTest {
  static Stream<String> campaigns() {
    return Main.command().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("campaigns")
  void eachCampaignPrintsItsUsage(String campaign) {
    StringWriter out = new StringWriter();
    CommandLine command = Main.command().setOut(new PrintWriter(out));
    assertThat(command.execute(campaign, "--help")).isZero();
    assertThat(out.toString())
        .startsWith("Usage: torture/run " + campaign + " [")
        .contains("-h, --help", "--seed")
        .doesNotContain("CAMPAIGN");
  }
}
