package dev.bobbin.torture.corrupt;

/** Words for what must never be thrown. */
final class Fault {
  private Fault() {}

  /** Where it came from: the first steps in the product. */
  static String where(Throwable thrown) {
    StringBuilder where = new StringBuilder();
    int told = 0;
    for (StackTraceElement step : thrown.getStackTrace()) {
      if (step.getClassName().startsWith("dev.bobbin") && told++ < 4) {
        where.append(" at ").append(step.getFileName()).append(':').append(step.getLineNumber());
      }
    }
    return where.toString();
  }
}
