package dev.bobbin.torture.kill;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import net.bytebuddy.asm.Advice;

/**
 * In the child, at a {@link Failpoint}: lets threads pass until the hit that it was told. That one
 * either ends the process at once, or it stays for ever, so that this step is never taken while all
 * others go on until the parent's kill.
 */
public final class Trap {
  /** System properties: which hit, and whether to end at once. */
  static final String HIT = "bobbin.trap.hit";

  static final String HALT = "bobbin.trap.halt";

  /** What it says before it stays. */
  static final String WORD = "trapped";

  private static final long TARGET = Long.getLong(HIT, 1);
  private static final boolean HALTS = Boolean.getBoolean(HALT);
  private static final AtomicLong HITS = new AtomicLong();

  private Trap() {}

  /** Called by the changed method. */
  public static void hit() {
    if (HITS.incrementAndGet() != TARGET) {
      return;
    }
    if (HALTS) {
      Runtime.getRuntime().halt(Failpoint.EXIT_HALTED);
    }
    say();
    while (true) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // Nobody gets this thread out of here.
      }
    }
  }

  /** Not through System.out, whose lock another thread may hold. */
  @SuppressWarnings("resource") // standard output stays open
  private static void say() {
    try {
      new FileOutputStream(FileDescriptor.out)
          .write((WORD + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      Runtime.getRuntime().halt(Failpoint.EXIT_HALTED);
    }
  }

  /** What is put at the beginning of a method. */
  static final class Enter {
    private Enter() {}

    @Advice.OnMethodEnter
    static void enter() {
      hit();
    }
  }

  /** What is put before each normal return from a method. */
  static final class Return {
    private Return() {}

    @Advice.OnMethodExit
    static void exit() {
      hit();
    }
  }
}
