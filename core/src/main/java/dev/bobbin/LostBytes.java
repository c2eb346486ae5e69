package dev.bobbin;

import java.nio.file.Path;

/**
 * A part of a damaged file out of which no job could be saved. Whether it held one, and whether
 * that one was finished, cannot be known.
 *
 * @param file the file, where it lay before the repair; its copy is in {@link RepairReport#copies}
 * @param offset where in the file, in bytes from its beginning
 * @param bytes how many
 */
public record LostBytes(Path file, long offset, long bytes) {}
