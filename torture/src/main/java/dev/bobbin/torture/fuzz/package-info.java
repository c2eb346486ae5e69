/**
 * Hostile bytes, found by a coverage-guided fuzzer, for everything that reads a file or a payload.
 * A target is a class with a method {@code fuzzerTestOneInput}; it throws if something is thrown
 * that is not documented, or if what was read well is not written back as it was. Targets know the
 * queue's seed, and make checksums match: a fuzzer cannot guess them, and whoever can read a
 * directory can compute them.
 */
@NullMarked
package dev.bobbin.torture.fuzz;

import org.jspecify.annotations.NullMarked;
