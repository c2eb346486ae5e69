package dev.bobbin.torture;

import java.io.IOException;
import java.nio.file.Path;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/**
 * A folder of changed classes that takes the place of the product's own in a child ({@link
 * Jvm#command(java.util.List, java.util.List, Class, java.util.List)}). So the product needs no
 * hooks, and what is tested is its own bytes but for the change.
 */
public final class Overlay {
  private static final String PRODUCT = "dev.bobbin.internal.";

  private final Path folder;
  private final ClassFileLocator locator =
      ClassFileLocator.ForClassLoader.of(Overlay.class.getClassLoader());
  private final TypePool types = TypePool.Default.of(locator);

  public Overlay(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /**
   * Changes methods of one class.
   *
   * @param className without {@code dev.bobbin.internal.}; of an inner class {@code a.Outer$Inner}
   * @param methods which; there must be one at least
   * @throws IllegalStateException if there is no such class or method: a change that changes
   *     nothing tests nothing
   */
  public void change(
      String className, ElementMatcher<? super MethodDescription> methods, AsmVisitorWrapper change)
      throws IOException {
    TypePool.Resolution found = types.describe(PRODUCT + className);
    if (!found.isResolved()) {
      throw new IllegalStateException("there is no class " + PRODUCT + className);
    }
    TypeDescription type = found.resolve();
    if (type.getDeclaredMethods().filter(methods).isEmpty()) {
      throw new IllegalStateException("class " + className + " has no method " + methods);
    }
    new ByteBuddy().redefine(type, locator).visit(change).make().saveIn(folder.toFile());
  }
}
