/**
 * Disks that are full: when a queue is created, while it runs, when it is opened again; and then
 * there is room again.
 */
@NullMarked
package dev.bobbin.torture.full;

import org.jspecify.annotations.NullMarked;
