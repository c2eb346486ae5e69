/**
 * Processes that want the same directory, and owners that die. However the lock's file is treated,
 * there are never two owners, and a dead one is in nobody's way.
 */
@NullMarked
package dev.bobbin.torture.owners;

import org.jspecify.annotations.NullMarked;
