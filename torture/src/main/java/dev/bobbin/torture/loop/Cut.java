package dev.bobbin.torture.loop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The death of a machine, as its disk sees it: what was forced stays, what waited in the file
 * system's caches is gone, its log included ({@code EXT4_IOC_SHUTDOWN}, which XFS calls {@code
 * XFS_IOC_GOINGDOWN}, with the flag that has the log not flushed). From then on every call on the
 * file system fails with EIO, until it is unmounted and mounted again.
 *
 * <p>The process that does it is started beforehand and waits for its word, so that the moment is
 * as exact as a write to a pipe.
 */
public final class Cut implements AutoCloseable {
  /** {@code _IOR('X', 125, __u32)}, and {@code EXT4_GOING_FLAGS_NOLOGFLUSH}. */
  private static final String PROGRAM =
      "open(F,'<',$ARGV[0]) or die \"$ARGV[0]: $!\"; $|=1; print \"ready\\n\"; <STDIN> or exit 2;"
          + " my $flag=pack('L',2); ioctl(F,0x8004587D,$flag) or die \"ioctl: $!\"; print \"down\\n\";";

  private final Process process;
  private final BufferedReader output;

  private Cut(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Gets ready to end what is mounted at {@code root}. */
  public static Cut ready(Path root) throws IOException {
    Cut cut =
        new Cut(
            new ProcessBuilder("perl", "-e", PROGRAM, root.toString())
                .redirectErrorStream(true)
                .start());
    boolean ready = false;
    try {
      cut.expect("ready");
      ready = true;
      return cut;
    } finally {
      if (!ready) {
        cut.close();
      }
    }
  }

  private void expect(String word) throws IOException {
    String line = output.readLine();
    if (!word.equals(line)) {
      throw new IOException("the file system cannot be shut down: " + line);
    }
  }

  /** Returns when the disk is dead. */
  public void now() throws IOException, InterruptedException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    expect("down");
    // It holds the root open, and nobody could unmount it.
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("the process that shut the file system down does not end");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
