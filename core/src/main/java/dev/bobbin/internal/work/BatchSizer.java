package dev.bobbin.internal.work;

/** Decides how many jobs a worker takes at once. Owned by its worker. */
abstract class BatchSizer {
  abstract int next();

  /** A batch of {@code jobs} took the handler so long. */
  void end(int jobs, long nanos) {}

  /** Always as many as allowed. */
  static BatchSizer fixed(int maxBatch) {
    return new BatchSizer() {
      @Override
      int next() {
        return maxBatch;
      }
    };
  }

  /**
   * Begins with one job, doubles while a batch takes less than a millisecond, and halves when it
   * takes more than two.
   */
  static BatchSizer byTime(int maxBatch) {
    return new BatchSizer() {
      private int size = 1;

      @Override
      int next() {
        return size;
      }

      @Override
      void end(int jobs, long nanos) {
        if (nanos > 2_000_000) {
          size = Math.max(1, Math.min(size, jobs) / 2);
        } else if (nanos < 1_000_000 && jobs >= size) {
          size = Math.min(maxBatch, size * 2);
        }
      }
    };
  }
}
