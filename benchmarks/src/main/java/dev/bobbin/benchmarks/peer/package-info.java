/**
 * What jobs are carried through: one small class for each system, set as its own documents say for
 * bulk, and {@link dev.bobbin.benchmarks.peer.Peers}, their list.
 */
@NullMarked
package dev.bobbin.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
