package dev.bobbin.internal.inspect;

import java.nio.file.Path;

/**
 * A queue's folder and what its file {@code queue} says.
 *
 * @param name the queue's name
 * @param path its folder
 * @param seed goes into every checksum
 * @param ringBytes size of its ring
 * @param segmentBytes size of its segments
 * @param largestFrame what one job takes up at most
 */
public record QueueFolder(
    String name, Path path, long seed, int ringBytes, int segmentBytes, int largestFrame) {}
