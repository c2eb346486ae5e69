/**
 * What is done to Bobbin to see that it survives. Each campaign is a command of {@link
 * dev.bobbin.torture.Main} in a room of its own; this room owns what they share: the seed, the
 * report, and starting other processes.
 */
@NullMarked
package dev.bobbin.torture;

import org.jspecify.annotations.NullMarked;
