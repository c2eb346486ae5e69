/**
 * Plants bugs, one at a time, and sees whether the other campaigns find them. A campaign that finds
 * nothing in a broken Bobbin proves nothing about a whole one.
 */
@NullMarked
package dev.bobbin.torture.bite;

import org.jspecify.annotations.NullMarked;
