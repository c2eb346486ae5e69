/** What was measured, as tables, JSON and charts. Owns no thread and measures nothing. */
@NullMarked
package dev.bobbin.benchmarks.report;

import org.jspecify.annotations.NullMarked;
