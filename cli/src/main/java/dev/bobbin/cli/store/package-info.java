/**
 * Directories of Bobbin that belong to some program, opened to be looked after: nothing is created,
 * no handler runs, and what the program stored under its own options stays.
 */
@NullMarked
package dev.bobbin.cli.store;

import org.jspecify.annotations.NullMarked;
