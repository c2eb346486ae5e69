/** {@code bobbin stats}: what the queues of a directory hold, while no program has it open. */
@NullMarked
package dev.bobbin.cli.stats;

import org.jspecify.annotations.NullMarked;
