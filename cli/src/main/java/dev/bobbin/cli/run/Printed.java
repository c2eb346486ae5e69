package dev.bobbin.cli.run;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one command prints on one of its outputs, kept in a file without a name until the command
 * ends: no bound to overrun, and nothing stays behind if we die. The command itself writes to a
 * pipe, since it may open its output once more ({@code > /dev/stderr}), which would empty a file. A
 * thread of its own carries over what comes.
 */
final class Printed implements AutoCloseable {
  private static final long QUIET_MILLIS = 500;

  private final OutputStream kept;
  private final InputStream content;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Written by the carrying thread, read by the one that waits. */
  private volatile long bytes;

  private volatile boolean waitingForMore;
  private volatile @Nullable IOException problem;

  Printed() throws IOException {
    Path file = Files.createTempFile("bobbin-", ".out");
    kept = new FileOutputStream(file.toFile());
    content = new FileInputStream(file.toFile());
    Files.delete(file);
  }

  /** Begins to carry over what comes out of {@code pipe}. */
  void carry(InputStream pipe) {
    Thread thread = new Thread(() -> carryAll(pipe), "bobbin-output");
    thread.setDaemon(true);
    thread.start();
  }

  private void carryAll(InputStream pipe) {
    // Closing the pipe on failure ends a command that would print on and on.
    try (pipe) {
      byte[] block = new byte[1 << 16];
      long count = 0;
      for (int n; (n = read(pipe, block)) >= 0; ) {
        kept.write(block, 0, n);
        count += n;
        bytes = count;
      }
    } catch (IOException e) {
      problem = e;
    } finally {
      ended.countDown();
    }
  }

  private int read(InputStream pipe, byte[] block) throws IOException {
    waitingForMore = true;
    int n = pipe.read(block);
    waitingForMore = false;
    return n;
  }

  /**
   * All that the command has printed; to be called after its end. A process that it left behind may
   * hold the pipe open: then we wait until nothing has come for a while.
   *
   * @throws IOException if it could not be kept
   */
  InputStream whole() throws IOException, InterruptedException {
    long before = -1;
    while (!ended.await(QUIET_MILLIS, TimeUnit.MILLISECONDS)
        && !(waitingForMore && bytes == before)) {
      before = bytes;
    }
    if (problem != null) {
      throw new IOException("cannot keep it in a temporary file: " + problem.getMessage(), problem);
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    content.close();
    kept.close();
  }
}
