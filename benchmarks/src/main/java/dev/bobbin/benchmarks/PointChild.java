package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.curve.Curve;
import dev.bobbin.benchmarks.curve.Place;
import java.nio.file.Path;

/**
 * The process in which one phase of a round at one point of a curve is measured. It dies at the end
 * of its input without closing anything.
 */
final class PointChild {
  private PointChild() {}

  /**
   * Answers each line, the name of a phase, with its figures.
   *
   * @param args the curve's name, a directory that is there, the size, seconds, and jobs a second
   */
  public static void main(String[] args) throws Exception {
    Answers answers = new Answers();
    Curve curve = Curve.labelled(args[0]).orElseThrow();
    long size = Long.parseLong(args[2]);
    Place place =
        new Place(Path.of(args[1]), Double.parseDouble(args[3]), Double.parseDouble(args[4]));
    answers.give(words -> curve.measure(words[0], size, place));
    Runtime.getRuntime().halt(0);
  }
}
