package dev.bobbin.internal.time;

/** The machine's clocks. */
final class SystemTime implements Time {
  static final Time INSTANCE = new SystemTime();
  private static final long ORIGIN = System.nanoTime();

  private SystemTime() {}

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime() - ORIGIN;
  }
}
