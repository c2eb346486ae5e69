/**
 * Clocks that are set forward and back, in small steps and by days, while jobs wait for their time.
 * Due times go by the wall clock, and whatever is a length of time by the other one.
 */
@NullMarked
package dev.bobbin.torture.clocks;

import org.jspecify.annotations.NullMarked;
