package dev.bobbin.torture.oracle;

import dev.bobbin.torture.Report;

/** Whether what was delivered is what was submitted. */
final class Bytes {
  private Bytes() {}

  static void check(Plan plan, Known known, Report report, long key, int print, int size) {
    if (!known.is(key, Known.INTENDED)) {
      report.fault("delivered, but never submitted: " + Plan.name(key) + ", " + size + " bytes");
      return;
    }
    byte[] expected = plan.payload(key);
    if (expected.length != size || plan.print(key, expected) != print) {
      report.fault(
          "delivered with "
              + size
              + " bytes, or headers, or a priority, that are not the job's "
              + expected.length
              + ": "
              + Plan.name(key));
    }
  }
}
