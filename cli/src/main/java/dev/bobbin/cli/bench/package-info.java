/**
 * {@code bobbin bench}: what the queue does on this machine, measured through its public API with
 * every payload checked.
 */
@NullMarked
package dev.bobbin.cli.bench;

import org.jspecify.annotations.NullMarked;
