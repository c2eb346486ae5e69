/**
 * {@code bobbin doctor}: whether a directory lies well. Each check looks at one thing and changes
 * nothing; only the measurement of the disk writes, in a file of its own.
 */
@NullMarked
package dev.bobbin.cli.doctor;

import org.jspecify.annotations.NullMarked;
