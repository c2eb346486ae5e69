/**
 * Looking after the files of a queue that nobody has open: finding all that is damaged, and putting
 * what is left into a journal that opens again. Owned by the one thread that runs it.
 */
@NullMarked
package dev.bobbin.internal.inspect;

import org.jspecify.annotations.NullMarked;
