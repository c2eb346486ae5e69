/**
 * What a bad disk does to queues: writes that are torn and reordered by the death of the machine,
 * operations that fail, operations that take long. All on the test kit's {@link
 * dev.bobbin.testkit.TestDisk}; this room owns the scenarios that are run on it, and the ledger of
 * what they were promised.
 */
@NullMarked
package dev.bobbin.torture.disk;

import org.jspecify.annotations.NullMarked;
