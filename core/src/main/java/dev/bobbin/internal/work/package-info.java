/**
 * Workers: they take batches from the ring or from what the I/O thread has loaded, run the handler,
 * and turn outcomes into finished ranges. A retry goes from here, through {@link
 * dev.bobbin.internal.work.Outcomes}, back into the ring as a delayed frame: the one door back.
 *
 * <p>Each worker's buffers belong to its thread; what workers share is in {@link
 * dev.bobbin.internal.work.Desk}.
 */
@NullMarked
package dev.bobbin.internal.work;

import org.jspecify.annotations.NullMarked;
