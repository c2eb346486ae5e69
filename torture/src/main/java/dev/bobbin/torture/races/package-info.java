/**
 * Runs the tests of single races in {@code torture/races}: jcstress for what one thread hands to
 * another, Lincheck for leases and limits. Both in child processes, whose output this room reads.
 */
@NullMarked
package dev.bobbin.torture.races;

import org.jspecify.annotations.NullMarked;
