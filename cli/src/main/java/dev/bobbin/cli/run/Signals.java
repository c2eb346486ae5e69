package dev.bobbin.cli.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and its like: the first asks to stop, the second ends the process at once. A shutdown hook
 * cannot see a second one, so this uses {@code sun.misc.Signal}, by reflection: the compiler's
 * warning about it cannot be switched off.
 */
final class Signals {
  private Signals() {}

  /**
   * From now on, INT, TERM and HUP call {@code first}, then {@code second}, on a thread of the
   * JVM's.
   */
  static void handle(Runnable first, Runnable second) {
    Runnable[] next = {first};
    Runnable each =
        () -> {
          Runnable now;
          synchronized (next) {
            now = next[0];
            next[0] = second;
          }
          now.run();
        };
    for (String name : List.of("INT", "TERM", "HUP")) {
      install(name, each);
    }
  }

  private static void install(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> answer(proxy, method, args, action));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (InvocationTargetException e) {
      // The JVM was told to leave this signal alone (-Xrs); then it does what it does everywhere.
    } catch (ReflectiveOperationException e) {
      // A Java without sun.misc.Signal: Ctrl-C ends the process, and the directory keeps the jobs.
    }
  }

  private static @Nullable Object answer(
      Object proxy, Method method, Object[] args, Runnable action) {
    // An object's own methods come this way too.
    return switch (method.getName()) {
      case "equals" -> (Object) (proxy == args[0]);
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "bobbin's signal handler";
      default -> {
        action.run();
        yield null;
      }
    };
  }
}
