/**
 * What every job is, what a child writes down of it, and what must be left of it: the checker that
 * all campaigns with real processes share. It runs in the campaign's process; the child that
 * suffers is {@link dev.bobbin.torture.child.Child}, another process, and keeps its logs on another
 * file system than the data ({@link dev.bobbin.torture.child.LogFolder}).
 *
 * <p>How a campaign uses it: one {@link dev.bobbin.torture.oracle.Oracle} for each data directory;
 * for each life of the directory a child with the next run number; after its end {@link
 * dev.bobbin.torture.oracle.Oracle#take} with how it ended; at last a child with {@code
 * Mode.DRAIN}, taken as {@code End.CLOSED}, and {@link dev.bobbin.torture.oracle.Oracle#takeLast}
 * with the dead letters that are there then. {@link dev.bobbin.torture.child.Directory} does all
 * that:
 *
 * <pre>{@code
 * try (Directory directory = new Directory(data, seed, report)) {
 *   for (int i = 0; i < kills; i++) {
 *     try (ChildProcess child = directory.start(options -> options.withFlushMillis(10))) {
 *       child.expect("open");
 *       child.kill();
 *     }
 *     directory.take(End.PROCESS_DEATH);
 *   }
 *   directory.drain();
 * }
 * }</pre>
 *
 * <p>Faults are: a job lost that was promised; a job that was never submitted or was refused; other
 * bytes, headers or priority; a delivery before its time, of a wrong attempt, or twice; a job that
 * was finished and comes back though its ack was on disk (a whole flush cycle that began after it,
 * and the next, were complete); a dead letter without cause, or with another's reason, or gone; a
 * refusal without a reason; a job accepted after the queue had failed.
 */
@NullMarked
package dev.bobbin.torture.oracle;

import org.jspecify.annotations.NullMarked;
