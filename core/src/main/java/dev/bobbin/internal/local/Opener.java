package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs the opening of directories and queues, one at a time, each on a thread of its own that ends
 * with it: not on the caller's, whose interrupt would close a file, and not on the I/O thread,
 * whose flushes of other queues a long recovery would delay. Guarded by its owner's monitor.
 */
final class Opener {
  private ByteBuffer blockBuffer = ByteBuffer.allocate(0);

  /** Runs {@code task}, whatever interrupts come; they stay set. */
  <T> T open(Callable<T> task) {
    FutureTask<T> opening = new FutureTask<>(task);
    new OwnThread(opening, "bobbin-open").start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return opening.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException known) {
        throw known;
      }
      throw new BobbinException(String.valueOf(cause == null ? e : cause.getMessage()), cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A direct buffer of at least so many bytes, for the thread that opens a queue. */
  ByteBuffer blockBuffer(int bytes) {
    if (blockBuffer.capacity() < bytes) {
      blockBuffer = ByteBuffer.allocateDirect(bytes);
    }
    return blockBuffer.duplicate();
  }
}
