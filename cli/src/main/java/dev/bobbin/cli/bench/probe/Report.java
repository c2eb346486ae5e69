package dev.bobbin.cli.bench.probe;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a probe found, printed as one JSON object. */
final class Report {
  private final Map<String, Object> figures = new LinkedHashMap<>();

  Report() {}

  Report put(String name, Number value) {
    figures.put(name, value);
    return this;
  }

  void print() throws IOException {
    System.out.println(JSON.std.asString(figures));
  }

  static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }
}
