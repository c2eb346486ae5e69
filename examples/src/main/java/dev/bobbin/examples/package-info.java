/** The code in docs/operating: to copy, not to depend on. */
@NullMarked
package dev.bobbin.examples;

import org.jspecify.annotations.NullMarked;
