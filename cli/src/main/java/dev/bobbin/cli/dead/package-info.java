/**
 * {@code bobbin dead}: the jobs that a queue has set aside, looked at, retried, exported and purged
 * while no program has the directory open.
 */
@NullMarked
package dev.bobbin.cli.dead;

import org.jspecify.annotations.NullMarked;
