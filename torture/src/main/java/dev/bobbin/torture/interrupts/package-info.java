/**
 * Interrupts in every public call, and in handlers. A call that is interrupted does what it says, a
 * job is accounted for whatever the call did, and no file is closed.
 */
@NullMarked
package dev.bobbin.torture.interrupts;

import org.jspecify.annotations.NullMarked;
