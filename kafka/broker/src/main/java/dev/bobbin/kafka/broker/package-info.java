/** A real broker, for tests of what speaks with one. It is not published. */
@NullMarked
package dev.bobbin.kafka.broker;

import org.jspecify.annotations.NullMarked;
