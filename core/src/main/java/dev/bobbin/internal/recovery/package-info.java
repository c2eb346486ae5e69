/**
 * Recovery: from the files that an earlier owner left, whichever way it ended, to the jobs that are
 * unfinished. Runs on the I/O thread before anything is served.
 */
@NullMarked
package dev.bobbin.internal.recovery;

import org.jspecify.annotations.NullMarked;
