package dev.bobbin;

import java.util.Map;

/**
 * A view of one job's bytes, moved from job to job by its worker: valid inside {@link
 * RawHandler#handle} only, and not thread-safe. Multi-byte values are little-endian. An index
 * outside the payload throws {@link IndexOutOfBoundsException}.
 */
public interface RawJob {
  /** The job's id. */
  JobId id();

  /** 1 on first delivery. */
  int attempt();

  /** Which jobs go first. */
  Priority priority();

  /**
   * The headers that it was submitted with, in their order; empty if there are none. Decoded at
   * each call; not to be changed.
   */
  Map<String, String> headers();

  /** The payload's length in bytes. */
  int length();

  /** The byte at {@code index}, 0 to {@link #length()} - 1. */
  byte getByte(int index);

  /** The four bytes from {@code index} on. */
  int getInt(int index);

  /** The eight bytes from {@code index} on. */
  long getLong(int index);

  /** Copies the whole payload to {@code target} from {@code targetOffset} on. */
  void copyTo(byte[] target, int targetOffset);
}
