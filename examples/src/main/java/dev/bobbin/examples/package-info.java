/** The code in docs: to copy, not to depend on. */
@NullMarked
package dev.bobbin.examples;

import org.jspecify.annotations.NullMarked;
