package dev.bobbin.cli;

import dev.bobbin.CorruptionException;
import dev.bobbin.DirectoryInUseException;

/** The exit statuses, as {@code docs/operating/exit-codes.md} lists them. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** Not done, or something was found that a person must look at. */
  public static final int FAILED = 1;

  /** The command line is wrong; nothing was done. */
  public static final int USAGE = 2;

  /** {@code run} is through and has left dead letters. */
  public static final int DEAD_LETTERS = 3;

  /** Bytes on disk are damaged before their last durable point. */
  public static final int CORRUPT = 4;

  /** Another process holds the directory. */
  public static final int IN_USE = 5;

  private ExitCode() {}

  /** The status of a command that uses a directory and could not go on. */
  public static int of(Throwable error) {
    return error instanceof CorruptionException
        ? CORRUPT
        : error instanceof DirectoryInUseException ? IN_USE : FAILED;
  }
}
