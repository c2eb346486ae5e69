/**
 * How cost grows: Bobbin's throughput, latency, memory and disk writes at points of a curve, each
 * point with jobs of which every byte and every arrival is checked. Runs in the process that is
 * measured; who starts one for each point is {@code dev.bobbin.benchmarks.Curves}.
 */
@NullMarked
package dev.bobbin.benchmarks.curve;

import org.jspecify.annotations.NullMarked;
