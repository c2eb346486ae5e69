/**
 * What tests of handlers and of backends need: {@link dev.bobbin.testkit.TestBobbin}, queues with a
 * clock that the test sets; {@link dev.bobbin.testkit.TestDisk}, a disk that fails, fills up,
 * stalls and dies on command; {@link dev.bobbin.testkit.BobbinContract}, the promises that every
 * backend keeps, as a test class to extend. For test code only.
 */
@NullMarked
package dev.bobbin.testkit;

import org.jspecify.annotations.NullMarked;
