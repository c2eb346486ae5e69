package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.Cli.Running;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input larger than memory. */
class RunStreamIT {
  @TempDir Path scratch;

  @Test
  void inputFarLargerThanMemoryStreamsThrough() throws Exception {
    Running run =
        new Cli(scratch)
            .java("-Xmx64m")
            .inputFromPipe()
            .start("run", "--stdin", "--batch", "4096", "--", "wc", "-l");
    String padding = "x".repeat(90);
    try (OutputStream in = new BufferedOutputStream(run.stdin(), 1 << 16)) {
      for (int i = 0; i < 2_000_000; i++) {
        in.write((i + padding + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    Finished finished = run.finish();
    assertThat(finished.status()).as(finished.err()).isZero();
    assertThat(finished.lines().stream().mapToLong(line -> Long.parseLong(line.strip())).sum())
        .isEqualTo(2_000_000);
    assertThat(finished.err()).contains("2,000,000 done");
  }

  /** While the command does not end, the writer must come to a halt, at about the ring's 16 MiB. */
  @Test
  void fullQueueHoldsTheInputBack() throws Exception {
    Path gate = scratch.resolve("gate");
    String waits = Cli.script(scratch, "while [ ! -e " + gate + " ]; do sleep 0.05; done");
    Running run =
        new Cli(scratch).inputFromPipe().start("run", "--stdin", "--workers", "1", "--", waits);
    AtomicLong written = new AtomicLong();
    byte[] line = ("x".repeat(999) + "\n").getBytes(StandardCharsets.US_ASCII);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try (OutputStream in = run.stdin()) {
                for (int i = 0; i < 50_000; i++) {
                  in.write(line);
                  written.addAndGet(line.length);
                }
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    run.await("input that fills the ring", () -> written.get() > 10_000_000);
    try {
      writer.get(2, TimeUnit.SECONDS);
      throw new AssertionError("all 50 MB were read though no job was done");
    } catch (TimeoutException e) {
      assertThat(written.get()).isLessThan(20_000_000);
    }
    Files.createFile(gate);
    writer.get(10, TimeUnit.MINUTES);
    assertThat(run.finish().err()).contains("50,000 done");
  }
}
