/**
 * The {@code bobbin} command: what is common to its subcommands. Each subcommand has a package of
 * its own.
 */
@NullMarked
package dev.bobbin.cli;

import org.jspecify.annotations.NullMarked;
