package dev.bobbin;

import java.nio.file.Path;

/** Another process that opens a directory and says whether it could. */
final class OpenChild {
  private OpenChild() {}

  public static void main(String[] args) {
    try (Bobbin bobbin = Bobbin.open(Path.of(args[0]))) {
      System.out.print("opened " + bobbin.queueNames());
    } catch (DirectoryInUseException e) {
      System.out.print("in use");
    }
  }
}
