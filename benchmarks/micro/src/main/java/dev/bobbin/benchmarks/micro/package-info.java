/** What single steps cost, by JMH: {@code benchmarks/micro/run}. */
@NullMarked
package dev.bobbin.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
