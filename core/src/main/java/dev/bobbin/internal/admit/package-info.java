/**
 * Admission: limits, waiting for room, and refusals with their reason. Shared by all producers;
 * thread-safe.
 */
@NullMarked
package dev.bobbin.internal.admit;

import org.jspecify.annotations.NullMarked;
