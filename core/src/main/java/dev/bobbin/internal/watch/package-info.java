/** What is counted about a queue, for its status. */
@NullMarked
package dev.bobbin.internal.watch;

import org.jspecify.annotations.NullMarked;
