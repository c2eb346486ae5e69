/**
 * Damage done to the files of queues that nobody has open: what is still whole must come back, what
 * is not must be said, and nothing else may happen. Each trial is owned by one thread.
 */
@NullMarked
package dev.bobbin.torture.corrupt;

import org.jspecify.annotations.NullMarked;
