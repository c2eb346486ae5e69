package dev.bobbin.cli.run;

import dev.bobbin.Batch;
import dev.bobbin.Job;
import java.util.ArrayList;
import java.util.List;

/** Cuts a batch into what one start of the command gets. */
final class Chunks {
  /**
   * Well below what Linux allows for arguments and environment together (2 MiB with the usual
   * stack).
   */
  private static final int MAX_ARGUMENTS_BYTES = 100 << 10;

  /** Linux's limit for one argument, the closing NUL included (MAX_ARG_STRLEN). */
  private static final int MAX_ARGUMENT_BYTES = (128 << 10) - 1;

  private Chunks() {}

  /**
   * The jobs of {@code batch} in their order. A job that has failed before is a chunk of its own,
   * so that it does not take its neighbours down again.
   *
   * @param arguments whether the jobs become arguments, whose bytes are limited
   */
  static List<List<Job<byte[]>>> of(Batch<byte[]> batch, boolean arguments) {
    List<List<Job<byte[]>>> chunks = new ArrayList<>();
    List<Job<byte[]>> chunk = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < batch.size(); i++) {
      Job<byte[]> job = batch.job(i);
      if (job.attempt() > 1 || (arguments && !unfitAsArgument(job.payload()).isEmpty())) {
        chunks.add(List.of(job));
        continue;
      }
      int size = job.payload().length + Long.BYTES + 1;
      if (arguments && bytes + size > MAX_ARGUMENTS_BYTES && !chunk.isEmpty()) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(job);
      bytes += size;
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }

  /** Why no command can ever get {@code job} as an argument; empty if it can. */
  static String unfitAsArgument(byte[] job) {
    if (job.length >= MAX_ARGUMENT_BYTES) {
      return "%d bytes are more than one argument may have (%d); use --stdin"
          .formatted(job.length, MAX_ARGUMENT_BYTES - 1);
    }
    for (byte b : job) {
      if (b == 0) {
        return "an argument cannot hold a NUL byte; use --null or --stdin";
      }
    }
    return "";
  }
}
