/**
 * Measurements that run in a process of their own, because they are about its memory or threads.
 * Each is a main class that prints one JSON object; {@code Child} starts it for a row.
 */
@NullMarked
package dev.bobbin.cli.bench.probe;

import org.jspecify.annotations.NullMarked;
