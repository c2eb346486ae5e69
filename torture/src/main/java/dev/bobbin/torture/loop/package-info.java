/**
 * A disk of its own for a campaign: an image on a loop device, which can be filled to the last byte
 * and can die as the disk of a machine does. Linux only, and only for root.
 */
@NullMarked
package dev.bobbin.torture.loop;

import org.jspecify.annotations.NullMarked;
