/**
 * The journal: a sequence of preallocated, recycled segments on a disk. It knows bytes and
 * positions, never jobs. All of it belongs to the I/O thread; {@link
 * dev.bobbin.internal.journal.Storage} is the seam that tests replace.
 */
@NullMarked
package dev.bobbin.internal.journal;

import org.jspecify.annotations.NullMarked;
