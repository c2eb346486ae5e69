/**
 * The benchmarks' commands: {@code bobbin bench --against} and {@code bobbin bench --curves}. Each
 * queue, and each point of a curve, is measured in a process of its own, round by round in turns
 * with the others.
 */
@NullMarked
package dev.bobbin.benchmarks;

import org.jspecify.annotations.NullMarked;
