/**
 * Mixed load for an hour, first in one process and then in many, some of them killed: nothing may
 * be lost, invented or damaged, and what a process takes up must stay flat. The child does the work
 * and tells each step through a pipe; the parent checks, so it needs no file of the child's.
 */
@NullMarked
package dev.bobbin.torture.soak;

import org.jspecify.annotations.NullMarked;
