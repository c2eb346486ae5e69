package dev.bobbin.torture.bite;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Classes of the core with a bug in them, to go ahead of the real ones on a class path. */
final class Overlay {
  private Overlay() {}

  /** Compiles what {@code bug} changes into {@code folder}/classes, which is returned. */
  static Path compile(Bug bug, Path root, Path folder, List<String> classPath) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Patch.FileChange change : bug.changes()) {
      Path source = folder.resolve("src").resolve(change.path());
      Files.createDirectories(source.getParent());
      sources.add(Files.writeString(source, Patch.apply(change, root)));
    }
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("planting bugs needs a JDK, this is a runtime without one");
    }
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-proc:none",
              "-nowarn",
              "-d",
              classes.toString(),
              "-cp",
              String.join(File.pathSeparator, classPath));
      boolean compiled =
          compiler
              .getTask(
                  messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new IllegalStateException("bug " + bug.name() + " does not compile: " + messages);
      }
    }
    return classes;
  }
}
