/** The death of a machine: a file system that loses all that was not forced, again and again. */
@NullMarked
package dev.bobbin.torture.machine;

import org.jspecify.annotations.NullMarked;
