package dev.bobbin.torture.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.torture.Overlay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailpointTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void isPlacedInOneClass(Failpoint failpoint) throws Exception {
    Path woven = failpoint.weave(folder);
    try (Stream<Path> files = Files.walk(woven)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void changeThatChangesNothingIsRefused() {
    Overlay overlay = new Overlay(folder);
    Advice advice = Advice.to(Trap.Enter.class);
    assertThatThrownBy(
            () ->
                overlay.change(
                    "ring.Ring",
                    ElementMatchers.named("wriite"),
                    advice.on(ElementMatchers.named("wriite"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no method");
    assertThatThrownBy(
            () ->
                overlay.change(
                    "ring.Rinng",
                    ElementMatchers.named("write"),
                    advice.on(ElementMatchers.named("write"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no class");
  }
}
