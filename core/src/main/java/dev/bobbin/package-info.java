/**
 * The public face of Bobbin, and nothing else that is public.
 *
 * <p>Start at {@link dev.bobbin.Bobbin}; everything here is an interface or a value, so that the
 * same program runs on a directory, in memory, or on another backend.
 */
@NullMarked
package dev.bobbin;

import org.jspecify.annotations.NullMarked;
