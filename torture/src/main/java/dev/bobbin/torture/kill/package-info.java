/** Process death: {@code kill -9} of a real child, at random moments and at named failpoints. */
@NullMarked
package dev.bobbin.torture.kill;

import org.jspecify.annotations.NullMarked;
