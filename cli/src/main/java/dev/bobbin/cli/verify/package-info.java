/**
 * {@code bobbin verify} and {@code bobbin repair}: what is damaged in a directory that no program
 * has open, and what can be made of it.
 */
@NullMarked
package dev.bobbin.cli.verify;

import org.jspecify.annotations.NullMarked;
