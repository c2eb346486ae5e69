/**
 * The benchmarks' command: {@code bobbin bench --against}. Each queue is measured in a process of
 * its own, round by round in turns with the others.
 */
@NullMarked
package dev.bobbin.benchmarks;

import org.jspecify.annotations.NullMarked;
