/** A process that is stopped for longer than its leases last, and then goes on. */
@NullMarked
package dev.bobbin.torture.stopped;

import org.jspecify.annotations.NullMarked;
