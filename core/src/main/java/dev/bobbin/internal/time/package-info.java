/**
 * What time it is, for everything that decides about jobs. Owns nothing; tests put a clock of their
 * own in its place.
 */
@NullMarked
package dev.bobbin.internal.time;

import org.jspecify.annotations.NullMarked;
