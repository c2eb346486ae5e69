/** System calls of the real JVM that fail, by way of {@code strace}. */
@NullMarked
package dev.bobbin.torture.strace;

import org.jspecify.annotations.NullMarked;
