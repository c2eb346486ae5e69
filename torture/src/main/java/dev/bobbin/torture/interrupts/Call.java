package dev.bobbin.torture.interrupts;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A way of calling what is to be interrupted.
 *
 * @param covers the public methods that it calls, as {@code Type.method(Parameter,Types)}
 */
record Call(List<String> covers, Body body) {
  /** Makes the call and writes down what came of it; throws on what the call threw. */
  interface Body {
    void run(Ground ground, SplittableRandom random) throws Exception;
  }

  static Call to(String covers, Body body) {
    return new Call(List.of(covers.split("; ")), body);
  }

  /** All of them. */
  static List<Call> all() {
    return Stream.of(
            QueueCalls.all(), LeaseCalls.all(), DeadLetterCalls.all(), DirectoryCalls.all())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public String toString() {
    return String.join("; ", covers);
  }
}
