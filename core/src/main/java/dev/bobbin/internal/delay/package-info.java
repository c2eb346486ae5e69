/**
 * Delayed jobs: which position is due when. The package holds due times and positions only; the
 * jobs themselves stay in the ring or the journal and are read back when they are due.
 *
 * <p>Nothing here is thread-safe: a queue's delayed jobs have one owner at a time.
 */
@NullMarked
package dev.bobbin.internal.delay;

import org.jspecify.annotations.NullMarked;
