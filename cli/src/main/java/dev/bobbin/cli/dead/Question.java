package dev.bobbin.cli.dead;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Asks a person before something that cannot be undone. */
final class Question {
  private Question() {}

  /** Whether standard input is a terminal. Java can tell that about a console only. */
  static boolean possible() throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "test -t 0")
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor()
        == 0;
  }

  /** Whether the answer is {@code yes}. */
  static boolean ask(PrintWriter err, String question) throws IOException {
    err.print(question + " Type yes: ");
    err.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    return "yes".equals(in.readLine());
  }
}
