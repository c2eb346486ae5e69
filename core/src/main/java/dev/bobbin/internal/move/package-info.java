/**
 * Jobs on their way from one backend to another, with all that they are: what both sides agree on.
 * Owned by the thread that moves them.
 */
@org.jspecify.annotations.NullMarked
package dev.bobbin.internal.move;
