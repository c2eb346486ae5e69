package dev.bobbin.cli.bench;

/** One row of the benchmark's table. */
interface Row {
  String name();

  /** What is measured, in a few words. */
  String what();

  /**
   * Measures it.
   *
   * @throws Exception if something is wrong with the queue, a payload included
   */
  Result measure(Lab lab) throws Exception;
}
