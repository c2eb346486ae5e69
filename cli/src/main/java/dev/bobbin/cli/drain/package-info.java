/** {@code bobbin drain}: everything unfinished moves from a directory to Kafka, or back. */
@NullMarked
package dev.bobbin.cli.drain;

import org.jspecify.annotations.NullMarked;
