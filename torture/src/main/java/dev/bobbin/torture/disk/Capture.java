package dev.bobbin.torture.disk;

import dev.bobbin.testkit.TestDisk;

/**
 * The disk at one moment, and what was promised by then.
 *
 * @param index the number of the operation of the run that was about to begin
 */
record Capture(TestDisk disk, Expected expected, long index, String where) {}
