package dev.bobbin.testkit;

import dev.bobbin.internal.journal.Storage.NoSpaceException;
import java.io.IOException;

/** What an operation of a {@link TestDisk} fails with. */
public enum DiskError {
  /** The disk is broken. */
  IO("Input/output error"),
  /** The disk is full: for an operation that should not need any room, too. */
  NO_SPACE("No space left on device"),
  /** The process has too many open files. */
  TOO_MANY_FILES("Too many open files");

  private final String text;

  DiskError(String text) {
    this.text = text;
  }

  /** As the file system of a directory would throw it. */
  IOException at(DiskOperation operation, String where) {
    IOException error = new IOException(text + " (TestDisk), at " + operation + " of " + where);
    return this == NO_SPACE && operation == DiskOperation.CREATE
        ? new NoSpaceException("no room for " + where, error)
        : error;
  }
}
