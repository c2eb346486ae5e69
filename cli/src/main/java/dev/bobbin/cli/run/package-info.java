/**
 * {@code bobbin run}, a durable xargs: lines of standard input become jobs, and workers hand them
 * to a command.
 *
 * <p>The feeder's thread owns standard input, the queue's workers own the commands, and the
 * ticker's thread owns the progress. They share the {@link dev.bobbin.cli.run.Terminal} and the
 * {@link dev.bobbin.cli.run.Stop} only.
 */
@NullMarked
package dev.bobbin.cli.run;

import org.jspecify.annotations.NullMarked;
