/**
 * How every command prints what it found: one table, JSON or lines of JSON, and text of others made
 * harmless to a terminal.
 */
@NullMarked
package dev.bobbin.cli.output;

import org.jspecify.annotations.NullMarked;
