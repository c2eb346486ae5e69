package dev.bobbin.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A process that reads lines and answers each with a line of JSON, until its input ends: the
 * child's side of {@link Asked}.
 */
final class Answers {
  /** Makes an answer of a question's words. */
  @FunctionalInterface
  interface Answer {
    Map<String, Object> to(String[] words) throws Exception;
  }

  private final PrintStream answers = System.out;

  /** From now on only answers go to the standard output, whatever libraries print. */
  Answers() {
    System.setOut(System.err);
  }

  void say(Map<String, ?> answer) throws IOException {
    answers.println(JSON.std.asString(answer));
  }

  /** Answers until the input ends. What is thrown is an answer too. */
  void give(Answer answer) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      say(answer(answer, line.split(" ", -1)));
    }
  }

  private static Map<String, Object> answer(Answer answer, String[] words) {
    try {
      return answer.to(words);
    } catch (Exception e) {
      e.printStackTrace();
      return Map.of("error", e.toString());
    }
  }
}
